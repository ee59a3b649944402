using Firn.Cli.Commands;
using Firn.Cli.Commands.Hashing;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;

namespace Firn.Cli.Prefetching;

/// <summary><c>nix-prefetch-url</c>: downloads a file into the store and prints its hash.</summary>
internal sealed class NixPrefetchUrlCommand : Command
{
    private readonly EvaluationArguments _evaluation = new();
    private readonly List<string> _arguments = [];
    private FilePrefetch _file = new("");
    private bool _printsPath;
    private string? _attribute;

    public override string Summary => "copy a file from a URL into the store and print its hash";

    public override string Examples => """
        # The hash for a derivation that fetches a file:
        $ nix-prefetch-url https://ftp.gnu.org/gnu/hello/hello-2.12.tar.gz
        # The source of a package of this expression:
        $ nix-prefetch-url -A hello.src
        """;

    public override void Declare(Grammar grammar)
    {
        _evaluation.Declare(grammar);
        grammar
            .Value("type", "hash-algo", "Hash algorithm: blake3, md5, sha1, sha256 or sha512.", v => _file = _file with { Algorithm = HashOptions.Algorithm(v) })
            .Flag("print-path", "Print the store path of the downloaded file on standard output.", () => _printsPath = true)
            .Flag("unpack", "Unpack the archive and hash its content.", () => _file = _file with { Unpacks = true })
            .Flag("executable", "Make the file executable.", () => _file = _file with { IsExecutable = true })
            .Value("name", "name", "Override the name of the file in the store.", v => _file = _file with { Name = v })
            .Value("attr", "path", "Take the URL from this attribute of a Nix expression.", v => _attribute = v, 'A')
            .Rest("url", _arguments.Add);
    }

    public override int Run(Session session, Output output)
    {
        var file = _file with
        {
            Expected = _arguments switch
            {
                [_, var hash] => Hash.Parse(hash, _file.Algorithm),
                [] or [_] => null,
                _ => throw new UsageException("too many arguments"),
            },
        };
        var source = new UrlSource(session, _evaluation);
        if (_attribute is null)
        {
            file = file with { Url = _arguments is [var url, ..] ? url : throw new UsageException("you must specify a URL") };
        }
        else
        {
            var (url, isTree) = source.OfAttribute(_arguments is [var path, ..] ? path : ".", _attribute);
            file = file with { Url = url, Unpacks = isTree ?? file.Unpacks };
        }

        var (at, found) = (file with { Url = source.ResolveMirror(file.Url) }).Run(session);
        var name = session.StoreDirectory.Absolute(at);
        _printsPath |= session.Environment("PRINT_PATH") == "1";
        if (!_printsPath)
        {
            session.Log.Write(Verbosity.Info, $"path is '{name}'");
        }

        output.Line(found.Digest(found.Algorithm == HashAlgorithm.Md5 ? HashFormat.Base16 : HashFormat.Nix32));
        if (_printsPath)
        {
            output.Line(name);
        }

        return 0;
    }
}
