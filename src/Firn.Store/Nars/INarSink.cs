using Firn.Model.PathInfos;

namespace Firn.Store.Nars;

/// <summary>Takes objects with all that is recorded about them, as from another store.</summary>
public interface INarSink
{
    /// <summary>Adds an object and registers it; reads exactly one NAR from <paramref name="nar"/>, whether it is needed or not.</summary>
    /// <exception cref="StoreException">The NAR does not have the hash that <paramref name="info"/> says, or a signature lacks.</exception>
    void Add(PathInfo info, Stream nar, NarImport import);
}

/// <summary>How an object is taken.</summary>
/// <param name="Repair">Whether to replace an object that is valid already.</param>
/// <param name="ChecksSignatures">Whether it must be signed by a trusted key.</param>
public readonly record struct NarImport(bool Repair, bool ChecksSignatures)
{
    /// <summary>Whether the caller holds the lock of the object already.</summary>
    public bool HoldsLock { get; init; }
}
