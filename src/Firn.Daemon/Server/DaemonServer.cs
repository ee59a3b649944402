using Firn.Daemon.Operations;
using Firn.Daemon.Wire;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Server;

/// <summary>Serves one client until it goes: greets it, and does what it asks for, one operation after the other.</summary>
/// <param name="input">What it sends.</param>
/// <param name="output">What it is sent.</param>
/// <param name="log">What it is told; made before, since the store's parts write to it too.</param>
/// <param name="directory">How paths are spelled.</param>
/// <param name="host">What it is served with.</param>
/// <param name="isTrusted">Whether it may do what root may.</param>
public sealed class DaemonServer(Stream input, Stream output, TunnelLog log, StoreDirectory directory, IDaemonHost host, bool isTrusted)
{
    /// <summary>Serves until the client goes or <paramref name="cancellation"/> says that it is gone.</summary>
    /// <exception cref="DaemonException">It does not speak the protocol, or one that is too old.</exception>
    public void Run(CancellationToken cancellation)
    {
        var reader = new WireReader(input, directory);
        var writer = new WireWriter(output, directory);
        var connection = new ServerConnection(reader, writer, log, host, isTrusted, cancellation);
        if (!Greet(connection))
        {
            return;
        }

        while (!reader.IsAtEnd())
        {
            var operation = reader.ReadNumber();
            try
            {
                OperationTable.Find(operation)(connection);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                // Whoever waits for an answer can be told, and go on. When the request itself could not be read,
                // nobody knows where the next one begins.
                var canGoOn = log.IsWorking;
                if (!TryRefuse(writer, e) || !canGoOn)
                {
                    return;
                }
            }

            writer.Flush();
        }
    }

    private bool Greet(ServerConnection connection)
    {
        var (reader, writer) = (connection.Reader, connection.Writer);
        if (reader.IsAtEnd() || reader.ReadNumber() != WorkerProtocol.ClientMagic)
        {
            throw DaemonException.Protocol("protocol mismatch: what calls is no client of a daemon");
        }

        writer.Write(WorkerProtocol.ServerMagic);
        writer.Write(WorkerProtocol.Latest.ToWire());
        writer.Flush();
        var theirs = ProtocolVersion.FromWire(reader.ReadNumber());
        if (theirs < WorkerProtocol.OldestClient)
        {
            throw DaemonException.Protocol($"the Nix client version is too old: it speaks protocol {theirs}");
        }

        var version = ProtocolVersion.Lower(theirs, WorkerProtocol.Latest);
        (reader.Version, writer.Version) = (version, version);
        if (version >= WorkerProtocol.WithFeatures)
        {
            _ = reader.ReadList(reader.ReadName);
            writer.Write(Array.Empty<string>());
            writer.Flush();
        }

        // A processor to run on, and whether to reserve space: nobody looks at them any more.
        if (reader.ReadFlag())
        {
            reader.ReadNumber();
        }

        reader.ReadNumber();
        log.Attach(writer);
        return TellAboutUs(connection);
    }

    private bool TellAboutUs(ServerConnection connection)
    {
        var writer = connection.Writer;
        FirnException? failure = null;
        bool? trusts = isTrusted;
        try
        {
            // What stands behind us must trust us as we trust the client.
            trusts = !isTrusted ? false : host.StoreTrustsUs;
        }
        catch (FirnException e)
        {
            failure = e;
        }

        if (connection.Version >= WorkerProtocol.WithDaemonVersion)
        {
            writer.Write(host.Version);
        }

        if (connection.Version >= WorkerProtocol.WithTrust)
        {
            writer.Write(trusts switch
            {
                null => 0UL,
                true => 1UL,
                false => 2UL,
            });
        }

        log.StartWork();
        if (failure is not null)
        {
            _ = TryRefuse(writer, failure);
            return false;
        }

        log.StopWork();
        writer.Flush();
        return true;
    }

    private bool TryRefuse(WireWriter writer, Exception exception)
    {
        var (failure, status) = exception switch
        {
            FirnException known => (known.Diagnostic, known.ExitStatus),
            IOException or UnauthorizedAccessException => (new Diagnostic(DaemonErrors.Remote, exception.Message), 1),
            OutOfMemoryException => (new Diagnostic(DaemonErrors.Remote, "Nix daemon out of memory"), 1),
            _ => (new Diagnostic(DaemonErrors.Remote, $"internal error: {exception.GetType().Name}: {exception.Message}"), 1),
        };
        try
        {
            log.StopWork(failure, status);
            writer.Flush();
            return true;
        }
        catch (IOException)
        {
            // The client is gone.
            return false;
        }
    }
}
