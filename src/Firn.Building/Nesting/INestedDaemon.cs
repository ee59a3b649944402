using Firn.Store;

namespace Firn.Building.Nesting;

/// <summary>Answers a builder that works with the store itself, as a daemon would.</summary>
public interface INestedDaemon
{
    /// <summary>Listens at a new socket until what is returned is disposed; whoever calls is not trusted.</summary>
    /// <param name="socket">Where to listen; only its owner may call.</param>
    /// <param name="store">What callers get for a store.</param>
    IDisposable Serve(string socket, StoreParts store);
}
