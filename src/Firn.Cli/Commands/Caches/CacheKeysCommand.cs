using System.Text;
using Firn.CacheServer;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache keys</c>: shows the key that a cache signs with, or exchanges it.</summary>
internal sealed class CacheKeysCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private string _name = "";
    private bool _exchanges;
    private string? _file;

    public override string Summary => "show the public key of a cache, or exchange the key it signs with";

    public override string Details => "After an exchange everything is signed with both keys: clients that trust the old one go on, until they know the new one.";

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        grammar
            .Flag("rotate", "Make a new key, and sign with it what is there.", () => _exchanges = true)
            .Value("import", "file", "Take the secret key in file as the new one, and sign with it what is there.", v => _file = v)
            .Position("name", v => _name = v);
    }

    public override int Run(Session session, Output output)
    {
        if (_exchanges && _file is not null)
        {
            throw new UsageException("options --rotate and --import cannot be combined");
        }

        using var folder = _folder.Open(session);
        var cache = folder.Get(_name);
        if (_exchanges || _file is not null)
        {
            cache = CacheKeys.Exchange(folder.Metadata, cache, _file is null ? null : Encoding.UTF8.GetString(FileContent.ReadAll(_file)), session.Cancellation);
        }

        output.Line(CacheListCommand.PublicKeyOf(cache));
        return 0;
    }
}
