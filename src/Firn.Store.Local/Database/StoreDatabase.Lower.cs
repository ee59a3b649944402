using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Store.Local.Database;

internal sealed partial class StoreDatabase
{
    /// <summary>What the store below knows, when this one is an overlay: its objects are this one's too.</summary>
    internal StoreDatabase? Lower { get; init; }

    /// <summary>Whether this store itself has an object, whatever one below has.</summary>
    internal bool Holds(StorePath path)
    {
        lock (_lock)
        {
            return FindId(path) is not null;
        }
    }

    /// <summary>Makes an object of the store below one that is registered here, with all that it refers to.</summary>
    private bool Adopt(StorePath path)
    {
        if (Lower is null || !Lower.IsValid(path))
        {
            return false;
        }

        Register([], alsoFromLower: [path]);
        return true;
    }

    /// <summary>Collects what the store below knows about objects, and all they refer to, that are not registered here.</summary>
    private List<Registration> FromLower(IEnumerable<StorePath> paths)
    {
        var found = new List<Registration>();
        if (Lower is null)
        {
            return found;
        }

        var seen = new HashSet<StorePath>();
        var left = new Stack<StorePath>(paths);
        while (left.TryPop(out var path))
        {
            if (!seen.Add(path) || FindId(path) is not null || Lower.Find(path) is not { } info)
            {
                continue;
            }

            found.Add(new Registration(info, path.IsDerivation ? [.. Lower.FindOutputs(path)!.Select(o => new KnownOutput(o.Key, o.Value))] : []));
            foreach (var reference in info.References)
            {
                left.Push(reference);
            }
        }

        return found;
    }
}
