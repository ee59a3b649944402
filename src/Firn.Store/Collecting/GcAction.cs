using Firn.Model.StorePaths;

namespace Firn.Store.Collecting;

/// <summary>What a collection is to do.</summary>
public abstract record GcAction
{
    private GcAction() { }

    /// <summary>List what lives.</summary>
    public sealed record ListLive : GcAction;

    /// <summary>List what could be removed.</summary>
    public sealed record ListDead : GcAction;

    /// <summary>Remove what does not live.</summary>
    /// <param name="MaxFreed">Stop when more than this many bytes are freed.</param>
    public sealed record DeleteDead(long MaxFreed = long.MaxValue) : GcAction;

    /// <summary>Remove just these objects, or fail.</summary>
    /// <param name="Paths">The objects.</param>
    /// <param name="IgnoresLiveness">Whether to remove them even when a link keeps them.</param>
    public sealed record DeleteSpecific(IReadOnlyCollection<StorePath> Paths, bool IgnoresLiveness) : GcAction;
}

/// <summary>What a collection found or removed.</summary>
/// <param name="Paths">Absolute paths, sorted; also of things in the store that are no objects.</param>
/// <param name="BytesFreed">How much space that probably freed.</param>
public sealed record GcResult(IReadOnlyCollection<string> Paths, long BytesFreed);

/// <summary>Removes what nothing needs.</summary>
public interface IGarbageCollector
{
    /// <summary>Lists or removes what lives or does not, while others go on using the store.</summary>
    /// <exception cref="StoreException">An object that is to be removed is needed.</exception>
    GcResult CollectGarbage(GcAction action, CancellationToken cancellationToken);
}
