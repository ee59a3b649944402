using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Client;

/// <summary>What is agreed for all connections to a daemon.</summary>
/// <param name="Directory">How paths are spelled.</param>
/// <param name="HasFilesHere">Whether objects can be read as files of this machine.</param>
/// <param name="Log">Gets what the daemon tells.</param>
/// <param name="Options">What is wanted of the daemon; null when its own settings are to hold.</param>
public sealed record DaemonTerms(StoreDirectory Directory, bool HasFilesHere, IActivityLog Log, Func<ClientOptions>? Options);

/// <summary>A way to a daemon.</summary>
public interface IDaemonChannel : IDisposable
{
    /// <summary>How a person knows the store behind it.</summary>
    string Uri { get; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="DaemonException">Nobody is there.</exception>
    (Stream Input, Stream Output, IDisposable Owned) Open();

    /// <summary>Closes a connection over which nobody answered, and says why, if that is known.</summary>
    string? CloseFailed(IDisposable owned)
    {
        owned.Dispose();
        return null;
    }
}
