using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Flakes;
using Firn.Flakes.Locking;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix bundle</c>: has a bundler, which is a function in a flake, make something of a program that runs without a store.</summary>
internal sealed class BundleCommand : Command
{
    private static readonly FlakeAttributes _bundlers = new(["bundlers.SYSTEM.default", "defaultBundler.SYSTEM"], ["bundlers.SYSTEM."]);

    private readonly InstallableOptions _installables = new() { Attributes = FlakeAttributes.Apps };
    private string _bundler = "github:NixOS/bundlers";
    private string? _installable;
    private string? _link;

    public override string Summary => "bundle an application so that it works outside of the Nix store";

    public override string Examples => """
        # One file that can be run anywhere:
        $ nix bundle nixpkgs#hello
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        grammar
            .Value("bundler", "flake-url", "Use a custom bundler instead of the default (github:NixOS/bundlers).", v => _bundler = v)
            .Value("out-link", "path", "Override the name of the symlink to the build result. It defaults to the base name of the app.", v => _link = v, 'o')
            .OptionalPosition("installable", v => _installable = v);
    }

    public override int Run(Session session, Output output)
    {
        var installable = _installables.ParseOne(session, _installable ?? (_installables.Expressions.IsGiven ? "" : ".")) as ValueInstallable
            ?? throw new CommandException("an object of the store cannot be bundled", "Name an app or a package of a flake.");
        var (reference, fragment) = session.Flakes.ParseWithFragment(_bundler);
        var locked = session.Flakes.Lock(reference, new LockOptions { Writes = false });
        var paths = _bundlers.PathsOf(fragment, session.Get<Firn.Building.BuildSettings>().System);
        var (made, name) = installable.Evaluate((eval, value) =>
        {
            var flake = Firn.Evaluation.Builtins.Flakes.Call(eval, session.Flakes.GraphOf(locked));
            var function = FindBundler(eval, flake, paths) ?? throw new FlakeException(
                FlakeErrors.NoSuchOutput, $"flake '{_bundler}' does not provide attribute {string.Join(" or ", paths.Select(p => $"'{p}'"))}");
            var result = eval.Force(eval.Call(function, value));
            if (result.AsSet is not { } set || !eval.IsDerivation(set))
            {
                throw new FlakeException(FlakeErrors.BadOutput, $"the bundler '{_bundler}' does not produce a derivation");
            }

            var found = new FoundDerivation("", set);
            return (found.DerivationPath(eval), found.Name(eval));
        });
        var path = DerivedPath.Of(made, OutputsSpec.All.Instance);
        Builds.RunInstallables(session, [path], BuildMode.Normal);
        session.Store.Roots.AddPermanentRoot(InstallablePaths.OutputsOf(session.Store, path).First(), Path.GetFullPath(_link ?? name));
        return 0;
    }

    private static Value? FindBundler(Evaluator eval, Value flake, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            Value? value = flake;
            foreach (var name in SelectionPath.Parse(path, eval))
            {
                value = value is { } from && eval.Force(from).AsSet is { } set ? set.Find(eval.Symbols.Intern(name)) : null;
            }

            if (value is { } found)
            {
                return eval.Force(found);
            }
        }

        return null;
    }
}
