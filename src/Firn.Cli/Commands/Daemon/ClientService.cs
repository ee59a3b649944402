using Firn.Daemon.Server;
using Firn.Daemon.Serving;
using Firn.Model.Diagnostics;
using Firn.Platform.Processes;
using Firn.Sessions;
using Firn.Sessions.Ports;
using Microsoft.Win32.SafeHandles;

namespace Firn.Cli.Commands.Daemon;

/// <summary>Serves one client by standard input and output; its going away ends what is done for it.</summary>
internal static class ClientService
{
    /// <summary>Serves by the worker protocol.</summary>
    public static int Serve(Session session, bool isTrusted) => Run(session, (input, output, cancellation) =>
    {
        var log = new TunnelLog(cancellation.Cancel);
        using var own = Make(session, log, cancellation.Token);
        using var host = new DaemonHost(own, Invocation.NixVersion);
        new DaemonServer(input, output, log, own.StoreDirectory, host, isTrusted).Run(cancellation.Token);
    });

    /// <summary>Serves by the older protocol.</summary>
    public static int ServeOld(Session session, bool mayWrite) => Run(session, (input, output, cancellation) =>
    {
        using var own = Make(session, new QuietLog(session.Log), cancellation.Token);
        using var host = new DaemonHost(own, Invocation.NixVersion);
        new ServeServer(input, output, own.StoreDirectory, host, mayWrite).Run(cancellation.Token);
    });

    private static int Run(Session session, Action<Stream, Stream, CancellationTokenSource> serve)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, 0);
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0);
        using var watch = new HangupWatch(0, cancellation.Cancel);
        try
        {
            serve(input, output, cancellation);
        }
        catch (IOException)
        {
            // The client went without a word.
        }

        return 0;
    }

    private static Session Make(Session session, IActivityLog log, CancellationToken cancellation) =>
        new(session.Files, session.CommandLine, session.Environment, log)
        {
            IsReadOnly = session.IsReadOnly,
            FindCancellation = () => cancellation,
        };
}
