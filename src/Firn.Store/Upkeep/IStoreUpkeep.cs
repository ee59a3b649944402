namespace Firn.Store.Upkeep;

/// <summary>Keeps a store in order.</summary>
public interface IStoreUpkeep
{
    /// <summary>Checks that all valid objects exist and, if asked for, that they are as they were added.</summary>
    /// <returns>Whether something is wrong and stays so.</returns>
    bool Verify(bool checksContents, bool repairs, CancellationToken cancellationToken);

    /// <summary>Links all equal files of valid objects.</summary>
    void Optimise(CancellationToken cancellationToken);
}
