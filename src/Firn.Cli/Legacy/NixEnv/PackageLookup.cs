using System.Diagnostics;
using Firn.Cli.Evaluating;
using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Profiles.Packages;
using Firn.Sessions;
using Firn.Sessions.Stores;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>Finds the packages that there are: in expressions, profiles and the store.</summary>
internal sealed class PackageLookup(Session session, Evaluator eval, AttributeSet arguments, string file, string system, string systemFilter)
{
    private const string AnySystem = "*";

    /// <summary>Lists the packages that a profile has.</summary>
    public IReadOnlyList<Package> Installed(string profile)
    {
        if (Path.Exists(profile + "/manifest.json"))
        {
            throw new CommandException($"profile '{profile}' is incompatible with 'nix-env'; please use 'nix profile' instead");
        }

        var manifest = profile + "/manifest.nix";
        return Path.Exists(manifest)
            ? Find(eval.Files.EvaluateFile(eval.Host.Files.Resolve(PathText.Canonical(Path.GetFullPath(manifest)))), AttributeSet.Empty, ignoresAssertions: false)
            : [];
    }

    /// <summary>Lists all packages of the expression, or of what is at an attribute path in it.</summary>
    public IReadOnlyList<Package> Available(string attributePath)
    {
        var root = SelectionPath.Find(eval, attributePath, arguments, Expression()).Value;
        return [.. DerivationFinder.Find(eval, root, arguments, ignoresAssertions: true)
            .Select(f => new Package(eval, f with { AttributePath = Join(attributePath, f.AttributePath) }))
            .Where(p => systemFilter == AnySystem || p.System == systemFilter)];
    }

    /// <summary>Returns the packages that arguments name.</summary>
    /// <param name="source">What kind of names they are.</param>
    /// <param name="names">The arguments.</param>
    /// <param name="onlyNewest">Whether of packages of one name one is taken.</param>
    public IReadOnlyList<Package> Find(PackageSource source, IReadOnlyList<string> names, bool onlyNewest) => source switch
    {
        PackageSource.Names when names is [var first, ..] && first.Contains('/') => [.. names.Select(FromStore)],
        PackageSource.Names => Select(Available(""), names, onlyNewest),
        PackageSource.Profile other => Select(Installed(other.Path), names, onlyNewest),
        PackageSource.Expressions => Call(names),
        PackageSource.AttributePaths => [.. names.SelectMany(n => Find(SelectionPath.Find(eval, n, arguments, Expression()).Value, arguments, ignoresAssertions: true))],
        _ => throw new UnreachableException(),
    };

    private IReadOnlyList<Package> Select(IReadOnlyList<Package> packages, IReadOnlyList<string> selectors, bool onlyNewest) => onlyNewest
        ? SelectionPlanner.SelectNewest(packages, selectors, system, warning => session.Log.Write(Verbosity.Warning, warning))
        : SelectionPlanner.Select(packages, selectors);

    private List<Package> Call(IReadOnlyList<string> functions)
    {
        var argument = Expression();
        return [.. functions.SelectMany(f => Find(eval.Call(eval.Files.EvaluateText(f, Environment.CurrentDirectory), argument), arguments, ignoresAssertions: true))];
    }

    private Package FromStore(string typed)
    {
        var path = StorePathLookup.Follow(session.StoreDirectory, typed);
        if (!path.IsDerivation)
        {
            return new Package(eval, path.Name, null, path);
        }

        var output = session.Store.Outputs.FindOutputs(path).GetValueOrDefault(OutputName.Default)
            ?? throw new CommandException($"derivation '{session.StoreDirectory.Absolute(path)}' has no output 'out' whose path is known");
        return new Package(eval, path.Name, path, output);
    }

    private IReadOnlyList<Package> Find(Value value, AttributeSet with, bool ignoresAssertions) =>
        [.. DerivationFinder.Find(eval, value, with, ignoresAssertions).Select(f => new Package(eval, f))];

    private Value Expression() => new DefaultExpression(eval, session.Log).Evaluate(SourceArguments.FileOf(eval, file));

    private static string Join(string prefix, string path) =>
        prefix.Length == 0 ? path : path.Length == 0 ? prefix : $"{prefix}.{path}";
}
