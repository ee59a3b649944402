using Firn.CacheServer;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
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
        v => _folder = v.Length > 0 ? v : throw new UsageException("'--data' names no folder"));

    /// <summary>Opens the folder, in which there must be caches.</summary>
    /// <exception cref="CacheServerException">There is no server's folder.</exception>
    public CacheFolder Open(Session session) => Find(session) is var folder && CacheFolder.IsThere(folder)
        ? CacheFolder.Open(folder, TimeProvider.System)
        : throw new CacheServerException(
            CacheServerErrors.NoCache, $"no caches are kept in '{folder}'", null,
            $"'--data' or ${Variable} names the folder of a server; 'firn cache create NAME' makes it, with a first cache.");

    /// <summary>Opens the folder, which is made where there is none.</summary>
    public CacheFolder Make(Session session) => CacheFolder.Open(Find(session), TimeProvider.System);

    private string Find(Session session) => Path.GetFullPath(
        _folder ?? (session.Environment(Variable) is { Length: > 0 } set ? set : null)
            ?? (CurrentUser.IsRoot ? SystemFolder : $"{Path.GetDirectoryName(session.Directories.State)}/firn-cache"));
}
