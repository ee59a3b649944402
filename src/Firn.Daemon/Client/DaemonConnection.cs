using Firn.Daemon.Wire;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Client;

/// <summary>One connection to a daemon: greets, asks, passes on what it logs, and reads answers.</summary>
internal sealed class DaemonConnection : IDisposable
{
    private readonly IDisposable _owned;
    private readonly MessagePump _messages;

    /// <summary>Greets the daemon.</summary>
    /// <param name="stream">Both ways to it, or the way from it.</param>
    /// <param name="output">The way to it.</param>
    /// <param name="owned">Disposed with the connection.</param>
    /// <param name="directory">How paths are spelled.</param>
    /// <param name="log">Gets what the daemon tells.</param>
    /// <exception cref="DaemonException">It is no daemon, or one that is too old.</exception>
    public DaemonConnection(Stream stream, Stream output, IDisposable owned, StoreDirectory directory, IActivityLog log)
    {
        _owned = owned;
        Reader = new WireReader(stream, directory);
        Writer = new WireWriter(output, directory);
        _messages = new MessagePump(Reader, log);
        Greet();
    }

    public WireReader Reader { get; }

    public WireWriter Writer { get; }

    public ProtocolVersion Version => Reader.Version;

    /// <summary>The version of the program at the other end, or null when it says none.</summary>
    public string? DaemonVersion { get; private set; }

    public bool? TrustsUs { get; private set; }

    /// <summary>Begins a request.</summary>
    public void Begin(ulong operation) => Writer.Write(operation);

    /// <summary>Sends the request and waits for its answer, which is to be read then.</summary>
    /// <exception cref="RemoteException">The daemon could not do it.</exception>
    public void Finish()
    {
        Writer.Flush();
        _ = Reader.IsAtEnd();
        _messages.Run();
    }

    /// <summary>Sends the request with a stream behind it, and waits for its answer.</summary>
    /// <exception cref="RemoteException">The daemon could not do it.</exception>
    public void FinishWithFrames(Action<Stream> write)
    {
        Writer.Flush();
        Exception? refusal = null;
        // What the daemon says meanwhile must be read, or it would wait for us as we for it.
        var listener = new Thread(() =>
        {
            try
            {
                _ = Reader.IsAtEnd();
                _messages.Run();
            }
            catch (Exception e)
            {
                Volatile.Write(ref refusal, e);
            }
        })
        {
            IsBackground = true,
            Name = "daemon listener",
        };
        listener.Start();
        var frames = new FrameWriter(Writer, () => Volatile.Read(ref refusal) is not null);
        Exception? failure = null;
        try
        {
            write(frames);
        }
        catch (Exception e)
        {
            failure = e;
        }

        try
        {
            frames.Finish();
        }
        catch (IOException) when (failure is not null)
        {
            // It is gone; the listener knows as much.
        }

        listener.Join();
        if (failure is not null and not RefusedException and not IOException)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        if (Volatile.Read(ref refusal) is { } reason)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(reason);
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose() => _owned.Dispose();

    private void Greet()
    {
        Writer.Write(WorkerProtocol.ClientMagic);
        Writer.Write(WorkerProtocol.Latest.ToWire());
        Writer.Flush();
        if (Reader.IsAtEnd())
        {
            throw new DaemonException(DaemonErrors.Connect, "the other side closed the connection before it said anything");
        }

        if (Reader.ReadNumber() != WorkerProtocol.ServerMagic)
        {
            throw DaemonException.Protocol("nix-daemon protocol mismatch: what answers is no daemon");
        }

        var theirs = ProtocolVersion.FromWire(Reader.ReadNumber());
        if (theirs.Major != WorkerProtocol.Latest.Major || theirs < WorkerProtocol.OldestServer)
        {
            throw new DaemonException(
                DaemonErrors.Protocol, $"the Nix daemon speaks protocol {theirs}, and {WorkerProtocol.OldestServer} to {WorkerProtocol.Latest} are understood here");
        }

        Reader.Version = Writer.Version = ProtocolVersion.Lower(theirs, WorkerProtocol.Latest);
        if (Version >= WorkerProtocol.WithFeatures)
        {
            Writer.Write(Array.Empty<string>());
            Writer.Flush();
            _ = Reader.ReadList(Reader.ReadName);
        }

        // A processor to run on and space to reserve: nobody looks at them any more.
        Writer.Write(0UL);
        Writer.Write(0UL);
        Writer.Flush();
        DaemonVersion = Version >= WorkerProtocol.WithDaemonVersion ? Reader.ReadName() : null;
        TrustsUs = Version < WorkerProtocol.WithTrust ? null : Reader.ReadNumber(2) switch
        {
            0 => null,
            var trust => trust == 1,
        };
        Finish();
    }
}
