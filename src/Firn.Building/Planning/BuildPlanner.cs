using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store.Substituting;

namespace Firn.Building.Planning;

/// <summary>What a plan is made of; the builder answers from the store, tests from memory.</summary>
public interface IPlanKnowledge
{
    /// <summary>Tells whether an object is there.</summary>
    bool IsValid(StorePath path);

    /// <summary>Tells whether a derivation can be read.</summary>
    bool HasDerivation(StorePath path) => IsValid(path);

    /// <summary>Reads a derivation that is there.</summary>
    Derivation Read(StorePath path);

    /// <summary>Returns where an output is or will be, or null while that is not known.</summary>
    StorePath? FindOutput(StorePath path, Derivation derivation, string output);

    /// <summary>Is told which objects will be asked for, so that other stores can be asked for all of them at once.</summary>
    void Expect(IReadOnlyCollection<StorePath> paths);

    /// <summary>Returns where another store has an output whose path is not known here, or null.</summary>
    StorePath? FindOutputElsewhere(StorePath path, Derivation derivation, string output) => null;

    /// <summary>Returns what another store offers, or null.</summary>
    SubstitutableObject? FindSubstitute(StorePath path, ContentAddress? address);
}

/// <summary>Decides what would be built and fetched, and does neither.</summary>
/// <param name="knowledge">What is there.</param>
/// <param name="directory">The store.</param>
/// <param name="fetchesAll">Whether to fetch even what its derivation wants to be built.</param>
public sealed class BuildPlanner(IPlanKnowledge knowledge, StoreDirectory directory, bool fetchesAll)
{
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly Queue<DerivedPath> _left = new();
    private readonly Dictionary<StorePath, Derivation> _builds = [];
    private readonly SortedSet<StorePath> _fetches = [];
    private readonly SortedSet<StorePath> _unknown = [];
    private long _download;
    private long _size;

    /// <summary>Plans for everything that is wanted.</summary>
    public BuildPlan Plan(IEnumerable<DerivedPath> wanted)
    {
        foreach (var path in wanted)
        {
            _left.Enqueue(path);
        }

        while (_left.Count > 0)
        {
            // All of one level is asked for together.
            var level = _left.Where(p => _done.Add(p.ToString(directory))).ToList();
            _left.Clear();
            knowledge.Expect([.. level.SelectMany(Candidates).Distinct()]);
            level.ForEach(Visit);
        }

        return new(Order(), [.. _fetches], [.. _unknown], _download, _size);
    }

    private void Visit(DerivedPath wanted)
    {
        switch (wanted)
        {
            case DerivedPath.Opaque(var path):
                VisitObject(path);
                break;
            case DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var derivation), Outputs: var outputs }:
                VisitDerivation(derivation, outputs);
                break;
        }
    }

    /// <summary>Returns what may have to be fetched to have something.</summary>
    private IEnumerable<StorePath> Candidates(DerivedPath wanted)
    {
        if (wanted is DerivedPath.Opaque(var path))
        {
            return knowledge.IsValid(path) ? [] : [path];
        }

        if (wanted is not DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var at), Outputs: var outputs } || !knowledge.IsValid(at))
        {
            return [];
        }

        var derivation = knowledge.Read(at);
        return derivation.Outputs.Where(o => outputs.Contains(o.Name))
            .Select(o => knowledge.FindOutput(at, derivation, o.Name)).OfType<StorePath>().Where(p => !knowledge.IsValid(p));
    }

    private void VisitObject(StorePath path)
    {
        if (knowledge.IsValid(path))
        {
            return;
        }

        if (knowledge.FindSubstitute(path, null) is not { } found)
        {
            _unknown.Add(path);
            return;
        }

        _fetches.Add(path);
        _download += found.DownloadSize;
        _size += found.Info.NarSize;
        foreach (var reference in found.Info.OtherReferences)
        {
            _left.Enqueue(new DerivedPath.Opaque(reference));
        }
    }

    private void VisitDerivation(StorePath path, OutputsSpec wanted)
    {
        if (!knowledge.HasDerivation(path))
        {
            _unknown.Add(path);
            return;
        }

        var derivation = knowledge.Read(path);
        var missing = new List<StorePath>();
        var allKnown = true;
        foreach (var (name, way) in derivation.Outputs)
        {
            var output = knowledge.FindOutput(path, derivation, name);
            allKnown &= output is not null;
            if (output is not null && wanted.Contains(name) && !knowledge.IsValid(output))
            {
                missing.Add(output);
            }
        }

        if (allKnown && missing.Count == 0)
        {
            return;
        }

        var mayFetch = fetchesAll || DerivationOptions.Read(derivation, directory, isResolved: false).AllowsSubstitutes;
        if (!allKnown && mayFetch)
        {
            var elsewhere = wanted.Select(derivation).Select(n => knowledge.FindOutputElsewhere(path, derivation, n)).ToList();
            allKnown = elsewhere.All(p => p is not null);
            missing.AddRange(elsewhere.OfType<StorePath>().Where(p => !missing.Contains(p) && !knowledge.IsValid(p)));
        }

        var address = derivation.FindOutput(OutputName.Default) is DerivationOutput.FixedContent content ? content.Address : null;
        if (allKnown && mayFetch && missing.All(m => knowledge.FindSubstitute(m, address) is not null))
        {
            foreach (var output in missing)
            {
                _left.Enqueue(new DerivedPath.Opaque(output));
            }

            return;
        }

        _builds[path] = derivation;
        foreach (var input in derivation.InputDerivations.Where(i => !i.Outputs.Names.IsEmpty))
        {
            _left.Enqueue(DerivedPath.Of(input.Path, OutputsSpec.Of(input.Outputs.Names)));
        }
    }

    private ImmutableArray<StorePath> Order()
    {
        var order = Store.Closures.TopologicalOrder.Of(
            new SortedSet<StorePath>(_builds.Keys), p => _builds[p].InputDerivations.Select(i => i.Path),
            (path, _) => new InvalidOperationException($"'{path}' needs itself"));
        return [.. order.Reverse()];
    }
}
