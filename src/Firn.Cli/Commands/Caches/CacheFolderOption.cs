using Firn.CacheServer;
using Firn.Cli.Parsing;
using Firn.Platform.Linux;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary>The option that says where a cache server keeps what it has.</summary>
internal sealed class CacheFolderOption
{
    private const string Variable = "FIRN_CACHE_DATA";
    private const string SystemFolder = "/var/lib/firn-cache";

    private string? _folder;

    public void Declare(Grammar grammar) => grammar.Value(
        "data", "folder",
        $"The folder in which the server keeps everything. Without it ${Variable} counts, then {SystemFolder} for root and ~/.local/state/firn-cache for others.",
        v => _folder = v);

    public CacheFolder Open(Session session) => CacheFolder.Open(
        Path.GetFullPath(_folder ?? session.Environment(Variable) ?? (CurrentUser.IsRoot ? SystemFolder : $"{Path.GetDirectoryName(session.Directories.State)}/firn-cache")),
        TimeProvider.System);
}
