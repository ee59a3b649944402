using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store;

namespace Firn.Building.Remote;

/// <summary>Opens the stores of machines.</summary>
public interface IMachineStores
{
    /// <summary>Opens one and makes sure that somebody answers.</summary>
    /// <param name="machine">Whose.</param>
    /// <param name="log">Gets what is told there.</param>
    /// <param name="onOutput">Gets what builders print there where the protocol cannot tell it from other things.</param>
    MachineStore Open(Machine machine, IActivityLog log, Action<string> onOutput);

    /// <summary>Tells whether an error means that a machine is not there, or not any more.</summary>
    bool IsGone(Exception error);
}

/// <summary>The store of another machine.</summary>
/// <param name="Parts">What it can do.</param>
/// <param name="FindValid">Tells which objects it has; those that it lacks it fetches first if the flag says so.</param>
/// <param name="Owned">What is to be disposed when it is not needed any more.</param>
public sealed record MachineStore(
    StoreParts Parts, Func<IReadOnlyCollection<StorePath>, bool, IReadOnlySet<StorePath>> FindValid, IDisposable Owned) : IDisposable
{
    public void Dispose() => Owned.Dispose();
}
