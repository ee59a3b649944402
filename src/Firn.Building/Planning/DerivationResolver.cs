using Firn.Building.Outputs;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Building.Planning;

/// <summary>Puts the paths that inputs got into a derivation that could not know them.</summary>
public static class DerivationResolver
{
    /// <summary>Whether a derivation has to be resolved before it can be built, or gains by it.</summary>
    public static bool IsNeeded(Derivation derivation, bool allowsContentAddressing) =>
        !derivation.InputDerivations.IsEmpty
        && (derivation.Outputs.Any(o => o.Output is DerivationOutput.Deferred or DerivationOutput.FloatingContent or DerivationOutput.Impure)
            || (derivation.IsFixed && allowsContentAddressing)
            || derivation.InputDerivations.Any(i => !i.Outputs.Dynamic.IsEmpty));

    /// <summary>Lists the outputs of other derivations that a derivation needs.</summary>
    public static IEnumerable<SingleDerivedPath.Built> Inputs(Derivation derivation) =>
        derivation.InputDerivations.SelectMany(i => Inputs(new SingleDerivedPath.Opaque(i.Path), i.Outputs));

    /// <summary>Returns the derivation with sources in the place of derivations; null when the path of one is not known.</summary>
    /// <param name="derivation">What to resolve.</param>
    /// <param name="directory">The store.</param>
    /// <param name="find">Gives the path that an output got.</param>
    public static Derivation? Resolve(Derivation derivation, StoreDirectory directory, Func<SingleDerivedPath.Built, StorePath?> find)
    {
        var rewrites = new Rewrites();
        var sources = new SortedSet<StorePath>(derivation.InputSources);
        foreach (var input in Inputs(derivation))
        {
            if (find(input) is not { } path)
            {
                return null;
            }

            sources.Add(path);
            rewrites.Set(Placeholder.Of(input).ToString(), directory.Absolute(path));
        }

        var resolved = derivation with
        {
            InputDerivations = [],
            InputSources = [.. sources],
            Builder = rewrites.Apply(derivation.Builder),
            Arguments = [.. derivation.Arguments.Select(rewrites.Apply)],
            Environment = [.. derivation.Environment
                .Select(v => new EnvironmentVariable(rewrites.Apply(v.Name), rewrites.Apply(v.Value)))
                .DistinctBy(v => v.Name).OrderBy(v => v.Name)],
        };
        return DeferredOutputs.Name(resolved, directory, _ => throw new InvalidOperationException("it has no inputs"));
    }

    private static IEnumerable<SingleDerivedPath.Built> Inputs(SingleDerivedPath derivation, WantedOutputs wanted) =>
        wanted.Names.Select(n => new SingleDerivedPath.Built(derivation, n))
            .Concat(wanted.Dynamic.SelectMany(d => Inputs(new SingleDerivedPath.Built(derivation, d.Output), d.Outputs)));
}
