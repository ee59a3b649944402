using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Planning;

/// <summary>Gives outputs the paths that follow from all else in a derivation.</summary>
public static class DeferredOutputs
{
    /// <summary>Returns the derivation with the paths of all outputs that were left open; as it is where an input's path is not known either.</summary>
    /// <param name="derivation">What to complete.</param>
    /// <param name="directory">The store it is for.</param>
    /// <param name="ofInput">Gives the hash of a derivation that it needs.</param>
    public static Derivation Name(Derivation derivation, StoreDirectory directory, Func<StorePath, HashModulo> ofInput)
    {
        if (!derivation.Outputs.Any(o => o.Output is DerivationOutput.Deferred))
        {
            return derivation;
        }

        var hashes = HashModulo.Of(derivation, directory, masked: true, ofInput);
        if (hashes is HashModulo.Whole { IsDeferred: true })
        {
            return derivation;
        }

        var paths = derivation.Outputs.Where(o => o.Output is DerivationOutput.Deferred)
            .ToDictionary(o => o.Name, o => directory.MakeOutput(o.Name, hashes.Find(o.Name)!, derivation.Name));
        var environment = derivation.Environment.ToDictionary(v => v.Name, v => v.Value);
        foreach (var (name, path) in paths)
        {
            environment[ByteString.Of(name)] = ByteString.Of(directory.Absolute(path));
        }

        return derivation with
        {
            Outputs = [.. derivation.Outputs.Select(o =>
                paths.TryGetValue(o.Name, out var path) ? o with { Output = new DerivationOutput.InputAddressed(path) } : o)],
            Environment = [.. environment.Select(v => new EnvironmentVariable(v.Key, v.Value)).OrderBy(v => v.Name)],
        };
    }
}

/// <summary>The hashes of derivations in a store, each computed once.</summary>
/// <param name="read">Reads a derivation.</param>
/// <param name="directory">The store they are for.</param>
public sealed class DerivationHashes(Func<StorePath, Derivation> read, StoreDirectory directory)
{
    private readonly Dictionary<StorePath, HashModulo> _known = [];

    /// <summary>Returns the hash that stands for a derivation in those that need it.</summary>
    public HashModulo Of(StorePath path)
    {
        if (!_known.TryGetValue(path, out var hash))
        {
            hash = HashModulo.Of(read(path), directory, masked: false, Of);
            _known[path] = hash;
        }

        return hash;
    }
}
