namespace Firn.Sessions.Stores;

/// <summary>What a store is opened for.</summary>
internal enum StoreUse
{
    /// <summary>For all that it can do; it may be made where there is none.</summary>
    Full,

    /// <summary>As one of several to take objects from: it is not made, and left alone when it does not answer.</summary>
    Substituter,
}
