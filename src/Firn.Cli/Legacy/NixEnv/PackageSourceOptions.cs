using Firn.Cli.Parsing;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>The options that say what the arguments of an operation name.</summary>
internal sealed class PackageSourceOptions
{
    public PackageSource Source { get; private set; } = new PackageSource.Names();

    public void Declare(Grammar grammar) => grammar
        .Flag("attr", "The arguments are attribute paths in the expression.", () => Source = new PackageSource.AttributePaths(), 'A')
        .Flag("from-expression", "The arguments are functions of the expression.", () => Source = new PackageSource.Expressions(), 'E')
        .Value("from-profile", "path", "Take packages from another profile.", v => Source = new PackageSource.Profile(Path.GetFullPath(v)));
}
