using Firn.Archive.Hashing;
using Firn.Archive.Trees;
using Firn.Cli.Parsing;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Commands.Hashing;

/// <summary><c>nix hash path</c> and <c>nix hash file</c>: prints the hashes of files and trees.</summary>
internal sealed class HashPathCommand(ContentAddressMethod method) : Command
{
    private readonly List<string> _paths = [];
    private readonly bool _ofFile = method == ContentAddressMethod.Flat;
    private ContentAddressMethod _method = method;
    private HashAlgorithm _algorithm = HashAlgorithm.Sha256;
    private HashFormat _format = HashFormat.Sri;

    public override string Summary => _ofFile
        ? "print cryptographic hash of a regular file"
        : "print cryptographic hash of the NAR serialisation of a path";

    public override string Examples => _ofFile
        ? """
          # The hash that fetchurl asks for:
          $ nix hash file ./hello-2.12.tar.gz
          """
        : """
          # The hash that fetchzip and fetchgit ask for:
          $ nix hash path ./source
          # The same in the format of nix-hash:
          $ nix hash path --algo md5 --format base16 ./source
          """;

    public override void Declare(Grammar grammar)
    {
        grammar
            .Flag("sri", "Print the hash in SRI format.", () => _format = HashFormat.Sri)
            .Flag("base64", "Print the hash in base-64 format.", () => _format = HashFormat.Base64)
            .Flag("base32", "Print the hash in base-32 (Nix-specific) format.", () => _format = HashFormat.Nix32)
            .Flag("base16", "Print the hash in base-16 format.", () => _format = HashFormat.Base16)
            .Value("type", "hash-algo", "Hash algorithm: blake3, md5, sha1, sha256 or sha512.", v => _algorithm = HashOptions.Algorithm(v))
            .Rest("paths", _paths.Add);
        if (!_ofFile)
        {
            grammar
                .Value("algo", "hash-algo", "Hash algorithm: blake3, md5, sha1, sha256 or sha512.", v => _algorithm = HashOptions.Algorithm(v))
                .Value("format", "hash-format", "Hash format: base16, nix32, base64 or sri.", v => _format = HashOptions.Format(v))
                .Value("mode", "file-ingestion-method", "What is hashed: the bytes of a file (flat), the archive (nar), or git's form (git).", v => _method = Method(v));
        }
    }

    public override int Run(Session session, Output output)
    {
        foreach (var path in _paths)
        {
            output.Line(PrintHash(path, _method, _algorithm, _format, truncates: false, Trees(session)));
        }

        return 0;
    }

    /// <summary>Hashes one path and writes the hash; the algorithm is named in the SRI format only.</summary>
    public static string PrintHash(string path, ContentAddressMethod method, HashAlgorithm algorithm, HashFormat format, bool truncates, TreeDumpOptions trees)
    {
        // A flat hash is of whatever can be read, pipes too.
        var hash = (method == ContentAddressMethod.Flat ? PathHash.OfFile(path, algorithm) : PathHash.Of(path, method, algorithm, trees)).Hash;
        return truncates && hash.Bytes.Length > 20
            ? PrintDigest(hash.Fold(20), format)
            : hash.Digest(format);
    }

    /// <summary>How trees are read, by the settings in force.</summary>
    public static TreeDumpOptions Trees(Session session) => new() { UndoesCaseHack = session.Get<SessionSettings>().UseCaseHack };

    private static string PrintDigest(byte[] digest, HashFormat format) => format switch
    {
        HashFormat.Nix32 => Nix32.Encode(digest),
        HashFormat.Base64 => Convert.ToBase64String(digest),
        HashFormat.Base16 => Convert.ToHexStringLower(digest),
        _ => throw new UsageException("a truncated hash has no SRI form"),
    };

    private static ContentAddressMethod Method(string name) => ContentAddressMethods.Find(name) is { } method and not ContentAddressMethod.Text
        ? method
        : throw new UsageException($"Unknown file ingestion method '{name}', expect 'flat', 'nar' or 'git'");
}
