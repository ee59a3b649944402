namespace Firn.Store;

/// <summary>What is known of the one who answers for a store.</summary>
public interface IStoreConnection
{
    /// <summary>Finds out whether there is one, if that is not known yet.</summary>
    /// <exception cref="StoreException">There is none.</exception>
    void Connect();

    /// <summary>The version it says it has, or null when it says none.</summary>
    string? Version { get; }

    /// <summary>Whether it does for us what it does for its owner; null when it says nothing of that.</summary>
    bool? TrustsUs { get; }
}
