using Firn.Building.Running;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.Local;
using Firn.Store.Realisations;

namespace Firn.Building.Scheduling;

/// <summary>Tells where outputs of derivations are and whether they are there.</summary>
public sealed class KnownOutputs(LocalStore store, DerivationSources derivations, bool allowsContentAddressing)
{
    private readonly OutputIds _ids = new(derivations, store.Directory);
    private readonly Dictionary<StorePath, bool> _good = [];
    private readonly Lock _lock = new();

    /// <summary>Returns what stands for an output of <paramref name="derivation"/> whatever its path is.</summary>
    public DrvOutput Id(Derivation derivation, string output) => _ids.Of(derivation, output);

    /// <summary>Returns what is known about an output now.</summary>
    /// <param name="path">The derivation.</param>
    /// <param name="derivation">What it says.</param>
    /// <param name="output">The output.</param>
    /// <param name="checksContent">Whether a damaged object counts as one.</param>
    public InitialOutput Find(StorePath path, Derivation derivation, string output, bool checksContent)
    {
        var way = derivation.FindOutput(output)!;
        var known = way.FindPath(store.Directory, derivation.Name, output);
        if (way is DerivationOutput.Impure)
        {
            return new(Hash.Zero(HashAlgorithm.Sha256), null, OutputState.Absent);
        }

        if (!allowsContentAddressing)
        {
            return new(Hash.Zero(HashAlgorithm.Sha256), known, State(known, checksContent));
        }

        var id = Id(derivation, output);
        if (store.Find(id) is { } realisation)
        {
            return new(id.DerivationHash, realisation.OutputPath, State(realisation.OutputPath, checksContent));
        }

        var state = State(known, checksContent);
        if (state == OutputState.Valid)
        {
            // Built before outputs were recorded in this way.
            store.Register(new Realisation(id, known!));
        }

        return new(id.DerivationHash, known, state);
    }

    /// <summary>Returns the path of an output of a derivation in the store, or null while it is not known.</summary>
    public StorePath? FindPath(SingleDerivedPath.Built output)
    {
        var path = output.Derivation switch
        {
            SingleDerivedPath.Built inner => FindPath(inner),
            _ => output.Derivation.BasePath,
        };
        if (path is null || !derivations.IsValid(path))
        {
            return null;
        }

        var derivation = derivations.Read(path);
        return derivation.FindOutput(output.Output) is null ? null : Find(path, derivation, output.Output, checksContent: false).Path;
    }

    /// <summary>Tells whether an object's content is what was registered; remembers the answer.</summary>
    public bool IsGood(StorePath path)
    {
        lock (_lock)
        {
            if (!_good.TryGetValue(path, out var isGood))
            {
                _good[path] = isGood = store.HasGoodContent(path);
            }

            return isGood;
        }
    }

    /// <summary>Remembers that an object was just made.</summary>
    public void MarkGood(StorePath path)
    {
        lock (_lock)
        {
            _good[path] = true;
        }
    }

    private OutputState State(StorePath? path, bool checksContent) =>
        path is null || !store.IsValid(path) ? OutputState.Absent
        : !checksContent || IsGood(path) ? OutputState.Valid
        : OutputState.Corrupt;
}
