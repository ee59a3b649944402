using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake clone</c>: puts a copy of a flake where it can be worked on.</summary>
internal sealed class FlakeCloneCommand : FlakeCommand
{
    private string? _folder;

    public override string Summary => "clone flake repository";

    public override string Examples => """
        # Check out the source of a flake:
        $ nix flake clone nixpkgs --dest ./nixpkgs
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        grammar.Value("dest", "path", "Clone the flake to path dest.", v => _folder = v, 'f');
    }

    public override int Run(Session session, Output output)
    {
        var folder = _folder ?? throw new UsageException("missing flag '--dest'");
        session.Fetcher.Clone(session.Flakes.Resolve(Reference(session)).Input, folder);
        return 0;
    }
}
