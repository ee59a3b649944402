using Firn.Cli.Commands;
using Firn.Cli.Commands.Hashing;
using Firn.Cli.Parsing;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Sessions;

namespace Firn.Cli.Legacy;

/// <summary><c>nix-hash</c>: prints hashes of files and trees, and writes hashes in other formats.</summary>
internal sealed class NixHashCommand : Command
{
    private readonly List<string> _arguments = [];
    private bool _flat;
    private bool _truncates;
    private bool _converts;
    private HashFormat _format = HashFormat.Base16;
    private HashAlgorithm? _algorithm;

    public override string Summary => "compute the cryptographic hash of a path";

    public override string Examples => """
        # The MD5 hash of a tree's archive:
        $ nix-hash ./source
        # The SHA-256 hash of a file, in Nix's own base 32:
        $ nix-hash --type sha256 --flat --base32 ./hello.tar.gz
        """;

    public override void Declare(Grammar grammar) => grammar
        .Flag("flat", "Hash the bytes of a file, not the archive of a path.", () => _flat = true)
        .Flag("base16", "Print the hash in base 16.", () => _format = HashFormat.Base16)
        .Flag("base32", "Print the hash in Nix's base 32.", () => _format = HashFormat.Nix32)
        .Flag("base64", "Print the hash in base 64.", () => _format = HashFormat.Base64)
        .Flag("sri", "Print the hash in SRI format.", () => _format = HashFormat.Sri)
        .Flag("truncate", "Fold hashes longer than 160 bits to 160 bits.", () => _truncates = true)
        .Value("type", "hash-algo", "Hash algorithm: blake3, md5, sha1, sha256 or sha512; md5 when there is none.", v => _algorithm = HashOptions.Algorithm(v))
        .Flag("to-base16", "Write the given hashes in base 16.", () => ConvertTo(HashFormat.Base16))
        .Flag("to-base32", "Write the given hashes in Nix's base 32.", () => ConvertTo(HashFormat.Nix32))
        .Flag("to-base64", "Write the given hashes in base 64.", () => ConvertTo(HashFormat.Base64))
        .Flag("to-sri", "Write the given hashes in SRI format.", () => ConvertTo(HashFormat.Sri))
        .Rest("paths", _arguments.Add);

    public override int Run(Session session, Output output)
    {
        var method = _flat ? ContentAddressMethod.Flat : ContentAddressMethod.NixArchive;
        foreach (var argument in _arguments)
        {
            output.Line(_converts
                ? Hash.Parse(argument, _algorithm).Digest(_format)
                : HashPathCommand.PrintHash(argument, method, _algorithm ?? HashAlgorithm.Md5, _format, _truncates, HashPathCommand.Trees(session)));
        }

        return 0;
    }

    private void ConvertTo(HashFormat format) => (_converts, _format) = (true, format);
}
