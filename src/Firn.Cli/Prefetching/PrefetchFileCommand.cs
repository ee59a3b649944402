using Firn.Cli.Commands;
using Firn.Cli.Commands.Hashing;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;

namespace Firn.Cli.Prefetching;

/// <summary><c>nix store prefetch-file</c>: downloads a file into the store and tells its hash.</summary>
internal sealed class PrefetchFileCommand : Command
{
    private readonly JsonOptions _json = new();
    private FilePrefetch _file = new("");
    private string? _expected;

    public override string Summary => "download a file into the Nix store";

    public override string Examples => """
        # The hash for a derivation that fetches a file:
        $ nix store prefetch-file https://ftp.gnu.org/gnu/hello/hello-2.12.tar.gz
        """;

    public override void Declare(Grammar grammar)
    {
        _json.Declare(grammar);
        grammar
            .Value("name", "name", "Override the name component of the resulting store path. It defaults to the base name of url.", v => _file = _file with { Name = v })
            .Value("expected-hash", "hash", "The expected hash of the file.", v => _expected = v)
            .Value("hash-type", "hash-algo", "Hash algorithm: blake3, md5, sha1, sha256 or sha512.", v => _file = _file with { Algorithm = HashOptions.Algorithm(v) })
            .Flag("executable", "Make the resulting file executable. Note that this causes the resulting hash to be a NAR hash rather than a flat file hash.", () => _file = _file with { IsExecutable = true })
            .Flag("unpack", "Unpack the archive (which must be a tarball or zip file) and add the result to the Nix store.", () => _file = _file with { Unpacks = true })
            .Position("url", v => _file = _file with { Url = v });
    }

    public override int Run(Session session, Output output)
    {
        var file = _file with { Expected = _expected is null ? null : Hash.Parse(_expected, _file.Algorithm) };
        var (path, hash) = file.Run(session);
        var (name, text) = (session.StoreDirectory.Absolute(path), hash.ToString(HashFormat.Sri));
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json =>
            {
                json.WriteStartObject();
                json.WriteString("hash", text);
                json.WriteString("storePath", name);
                json.WriteEndObject();
            });
            return 0;
        }

        session.Log.Write(Verbosity.Notice, $"Downloaded '{file.Url}' to '{name}' (hash '{text}').");
        return 0;
    }
}
