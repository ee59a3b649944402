using Firn.Archive.Hashing;
using Firn.Cli.Commands.Hashing;
using Firn.Cli.Legacy.NixStore;
using Firn.Cli.Parsing;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;
using Firn.Store.Contents;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store add</c> and its older forms: copies a file or a tree to the store.</summary>
internal sealed class StoreAddCommand(ContentAddressMethod method, string summary) : Command
{
    private ContentAddressMethod _method = method;
    private HashAlgorithm _algorithm = HashAlgorithm.Sha256;
    private string _path = "";
    private string? _name;
    private bool _isDry;

    public override string Summary => summary;

    public override string Examples => """
        # Copy a directory:
        $ nix store add ./dir
        # Copy a file so that its flat hash names it:
        $ nix store add --mode flat ./hello.tar.gz
        """;

    public override void Declare(Grammar grammar) => grammar
        .Value("name", "name", "Override the name component of the store path. It defaults to the base name of path.", v => _name = v, 'n')
        .Value("mode", "content-address-method", "How the content is hashed: flat, nar, text or git.", v => _method = ContentAddressMethods.Find(v)
            ?? throw new UsageException($"invalid content address method '{v}'; there are flat, nar, text and git"))
        .Value("hash-algo", "hash-algo", "Hash algorithm: blake3, md5, sha1, sha256 or sha512.", v => _algorithm = HashOptions.Algorithm(v))
        .Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true)
        .Position("path", v => _path = v);

    public override int Run(Session session, Output output)
    {
        var name = _name ?? AddCommand.NameOf(_path);
        var path = _isDry
            ? session.StoreDirectory.MakeContentAddressed(name, new ContentAddress(_method, PathHash.Of(_path, _method, _algorithm).Hash), [])
            : session.Store.Contents.AddFromDisk(name, _path, ContentOptions.Default with { Method = _method, Algorithm = _algorithm });
        output.Line(session.StoreDirectory.Absolute(path));
        return 0;
    }
}
