using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;

namespace Firn.Cli.Commands.Hashing;

/// <summary><c>nix hash convert</c>: writes hashes in another format.</summary>
internal sealed class HashConvertCommand : Command
{
    private readonly List<string> _hashes = [];
    private HashFormat? _from;
    private HashFormat _to = HashFormat.Sri;
    private HashAlgorithm? _algorithm;

    public override string Summary => "convert between hash formats";

    public override string Examples => """
        # To the format that expressions use today:
        $ nix hash convert --hash-algo sha256 1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s
        # From it to base-16:
        $ nix hash convert --to base16 sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=
        """;

    public override void Declare(Grammar grammar) => grammar
        .Value("from", "hash-format", "The format that the hashes must have: base16, nix32, base64 or sri.", v => _from = HashOptions.Format(v))
        .Value("to", "hash-format", "The format to write: base16, nix32, base64 or sri.", v => _to = HashOptions.Format(v))
        .Value("hash-algo", "hash-algo", "Hash algorithm, for hashes that do not name theirs.", v => _algorithm = HashOptions.Algorithm(v), aliases: ["algo", "type"])
        .Rest("hashes", _hashes.Add);

    public override int Run(Session session, Output output)
    {
        foreach (var text in _hashes)
        {
            var hash = Hash.Parse(text, _algorithm);
            if (_from is { } from && HashText.FormatOf(text, hash) is var found && found != from)
            {
                throw new UsageException(
                    $"input hash '{text}' has format '{HashOptions.Name(found)}', but '--from {HashOptions.Name(from)}' was specified");
            }

            output.Line(hash.Digest(_to));
        }

        return 0;
    }
}
