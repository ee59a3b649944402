using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;

namespace Firn.Cli.Commands.Hashing;

/// <summary><c>nix hash to-base16</c> and its like: the older way to write hashes in another format.</summary>
internal sealed class HashToCommand(HashFormat format) : Command
{
    private readonly List<string> _hashes = [];
    private HashAlgorithm? _algorithm;

    public override string Summary =>
        $"convert a hash to {HashOptions.Name(format)} representation (deprecated, use `nix hash convert` instead)";

    public override void Declare(Grammar grammar) => grammar
        .Value("type", "hash-algo", "Hash algorithm, for hashes that do not name theirs.", v => _algorithm = HashOptions.Algorithm(v))
        .Rest("strings", _hashes.Add);

    public override int Run(Session session, Output output)
    {
        session.Log.Write(
            Verbosity.Warning,
            "The old format conversion subcommands of `nix hash` were deprecated in favor of `nix hash convert`.");
        foreach (var text in _hashes)
        {
            output.Line(Hash.Parse(text, _algorithm).Digest(format));
        }

        return 0;
    }
}
