using Firn.Daemon.Wire;
using Firn.Store;
using Firn.Store.Realisations;

namespace Firn.Daemon.Server;

/// <summary>One client of ours, as the operations see it.</summary>
/// <param name="reader">What it sends.</param>
/// <param name="writer">What it is sent.</param>
/// <param name="log">What it is told meanwhile.</param>
/// <param name="host">What it is served with.</param>
/// <param name="isTrusted">Whether it may do what root may.</param>
/// <param name="cancellation">Is cancelled when it is gone.</param>
internal sealed class ServerConnection(
    WireReader reader, WireWriter writer, TunnelLog log, IDaemonHost host, bool isTrusted, CancellationToken cancellation)
{
    private OutputIds? _ids;

    public WireReader Reader { get; } = reader;

    public WireWriter Writer { get; } = writer;

    public TunnelLog Log { get; } = log;

    public IDaemonHost Host { get; } = host;

    public bool IsTrusted { get; } = isTrusted;

    public CancellationToken Cancellation { get; } = cancellation;

    public ProtocolVersion Version => Reader.Version;

    public StoreParts Store => Host.Store;

    /// <summary>The ids of outputs.</summary>
    public OutputIds Ids => _ids ??= new OutputIds(Host.Store.Derivations, Host.Store.Directory);

    /// <summary>Works on an answer; what happens is told to the client meanwhile.</summary>
    public T Work<T>(Func<T> work)
    {
        Log.StartWork();
        var result = work();
        Cancellation.ThrowIfCancellationRequested();
        Log.StopWork();
        return result;
    }

    /// <summary>Works on an answer; what happens is told to the client meanwhile.</summary>
    public void Work(Action work) => Work<object?>(() =>
    {
        work();
        return null;
    });

    /// <summary>Works on an answer with a stream that follows the request.</summary>
    public T WorkWithFrames<T>(Func<Stream, T> work) => Work(() =>
    {
        var frames = new FrameReader(Reader);
        try
        {
            return work(frames);
        }
        finally
        {
            // All must be read before the next request, whatever of it was wanted.
            frames.Drain();
        }
    });

    /// <summary>Ends the operation unless the client may do what root may.</summary>
    public void NeedTrust(string message)
    {
        if (!IsTrusted)
        {
            throw new DaemonException(DaemonErrors.NotAllowed, message);
        }
    }
}
