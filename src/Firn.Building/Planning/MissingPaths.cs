using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store.Local;
using Firn.Store.Substituting;

namespace Firn.Building.Planning;

/// <summary>What would have to be built or fetched to make something valid.</summary>
public sealed class MissingPaths
{
    private readonly LocalStore _store;
    private readonly IReadOnlyList<ISubstituter> _substituters;
    private readonly bool _alwaysSubstitutes;
    private readonly HashSet<(StorePath, string)> _seen = [];
    private readonly HashSet<StorePath> _seenObjects = [];

    private MissingPaths(LocalStore store, IReadOnlyList<ISubstituter> substituters, bool alwaysSubstitutes) =>
        (_store, _substituters, _alwaysSubstitutes) = (store, substituters, alwaysSubstitutes);

    /// <summary>The derivations that would be built.</summary>
    public SortedSet<StorePath> ToBuild { get; } = [];

    /// <summary>The objects that would be fetched.</summary>
    public SortedSet<StorePath> ToFetch { get; } = [];

    /// <summary>The objects that nobody can make.</summary>
    public SortedSet<StorePath> Unknown { get; } = [];

    /// <summary>How many bytes would come over the wire.</summary>
    public long DownloadSize { get; private set; }

    /// <summary>How many bytes what is fetched has as archives.</summary>
    public long NarSize { get; private set; }

    /// <summary>Finds what is missing of <paramref name="wanted"/>.</summary>
    /// <param name="store">Where it is wanted.</param>
    /// <param name="substituters">Where things can be fetched.</param>
    /// <param name="alwaysSubstitutes">Whether even those derivations are fetched that ask to be built.</param>
    /// <param name="wanted">What is wanted.</param>
    public static MissingPaths Find(
        LocalStore store, IReadOnlyList<ISubstituter> substituters, bool alwaysSubstitutes, IEnumerable<DerivedPath> wanted)
    {
        var missing = new MissingPaths(store, substituters, alwaysSubstitutes);
        // An own stack: graphs get deeper than a thread's.
        var waiting = new Stack<DerivedPath>(wanted.Reverse());
        while (waiting.TryPop(out var next))
        {
            foreach (var path in missing.Visit(next))
            {
                waiting.Push(path);
            }
        }

        return missing;
    }

    private IEnumerable<DerivedPath> Visit(DerivedPath wanted) => wanted switch
    {
        DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var path) } built => Derivation(path, built.Outputs),
        DerivedPath.Built built => [built.Derivation.ToDerivedPath()],
        _ => Object(wanted.BasePath),
    };

    private IEnumerable<DerivedPath> Derivation(StorePath path, OutputsSpec outputs)
    {
        if (!_store.IsValid(path))
        {
            Unknown.Add(path);
            return [];
        }

        var derivation = _store.Read(path);
        var names = outputs.Select(derivation).Where(name => _seen.Add((path, name))).ToList();
        var known = _store.FindOutputs(path);
        var found = names.Select(name => known.GetValueOrDefault(name)
            ?? derivation.FindOutput(name)?.FindPath(_store.Directory, derivation.Name, name)).ToList();
        if (found.TrueForAll(output => output is not null && _store.IsValid(output)))
        {
            return [];
        }

        var allowed = _alwaysSubstitutes || derivation.FindEnvironment("allowSubstitutes"u8)?.ToString() is not "";
        if (allowed && _substituters.Count > 0 && found.TrueForAll(output => output is not null && (_store.IsValid(output) || Offer(output) is not null)))
        {
            return found.Select(output => new DerivedPath.Opaque(output!));
        }

        return ToBuild.Add(path)
            ? derivation.InputDerivations.SelectMany(i => Inputs(new SingleDerivedPath.Opaque(i.Path), i.Outputs))
            : [];
    }

    private static IEnumerable<DerivedPath> Inputs(SingleDerivedPath derivation, WantedOutputs wanted)
    {
        if (wanted.Names.Length > 0)
        {
            yield return new DerivedPath.Built(derivation, OutputsSpec.Of(wanted.Names));
        }

        foreach (var (output, outputs) in wanted.Dynamic)
        {
            foreach (var inner in Inputs(new SingleDerivedPath.Built(derivation, output), outputs))
            {
                yield return inner;
            }
        }
    }

    private IEnumerable<DerivedPath> Object(StorePath path)
    {
        if (!_seenObjects.Add(path) || _store.IsValid(path))
        {
            return [];
        }

        if (Offer(path) is not { } offer)
        {
            Unknown.Add(path);
            return [];
        }

        ToFetch.Add(path);
        DownloadSize += offer.DownloadSize;
        NarSize += offer.Info.NarSize;
        return offer.Info.OtherReferences.Select(r => new DerivedPath.Opaque(r));
    }

    private SubstitutableObject? Offer(StorePath path) => _substituters.Select(s => s.Find(path, null)).FirstOrDefault(o => o is not null);
}
