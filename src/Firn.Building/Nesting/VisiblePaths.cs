using System.Collections.Immutable;
using Firn.Model.Derivations;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;

namespace Firn.Building.Nesting;

/// <summary>What a builder may know of the store: its inputs, and what it added or had built itself.</summary>
/// <param name="inputs">The closure of the inputs.</param>
/// <param name="show">Puts an object where the builder sees it.</param>
public sealed class VisiblePaths(IReadOnlySet<StorePath> inputs, Action<StorePath> show)
{
    private readonly Lock _lock = new();
    private ImmutableSortedSet<StorePath> _added = [];
    private ImmutableHashSet<DrvOutput> _outputs = [];

    /// <summary>What was added, sorted.</summary>
    public ImmutableSortedSet<StorePath> Added
    {
        get
        {
            lock (_lock)
            {
                return _added;
            }
        }
    }

    /// <summary>All of it, sorted.</summary>
    public IEnumerable<StorePath> All => Added.Union(inputs);

    public bool Contains(StorePath path) => inputs.Contains(path) || Added.Contains(path);

    /// <summary>Tells whether the builder may ask for something: it must know what that starts from.</summary>
    public bool Contains(DerivedPath wanted) => Contains(wanted.BasePath);

    public bool Contains(DrvOutput output)
    {
        lock (_lock)
        {
            return _outputs.Contains(output);
        }
    }

    /// <summary>Lets the builder see an object that is valid now.</summary>
    public void Add(StorePath path)
    {
        lock (_lock)
        {
            if (!inputs.Contains(path) && !_added.Contains(path))
            {
                show(path);
                _added = _added.Add(path);
            }
        }
    }

    /// <summary>Lets the builder know of a realisation.</summary>
    public void Add(DrvOutput output)
    {
        lock (_lock)
        {
            _outputs = _outputs.Add(output);
        }
    }
}
