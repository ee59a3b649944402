using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Records which path an output got.</summary>
internal static class RegisterDrvOutput
{
    public const ulong Number = 42;

    public static void Call(DaemonConnection connection, Realisation realisation)
    {
        connection.Begin(Number);
        if (connection.Version < WorkerProtocol.WithRealisations)
        {
            connection.Writer.Write(realisation.Id.ToString());
            connection.Writer.Write(realisation.OutputPath.ToString());
        }
        else
        {
            connection.Writer.Write(realisation);
        }

        connection.Finish();
    }

    public static void Serve(ServerConnection connection)
    {
        var realisation = connection.Version < WorkerProtocol.WithRealisations
            ? new Realisation(DrvOutput.Parse(connection.Reader.ReadName()), StorePath.Parse(connection.Reader.ReadName()))
            : connection.Reader.ReadRealisation();
        connection.Work(() =>
        {
            // Who could say what an output is, could have others run anything.
            if (!connection.Host.IsSigned(realisation))
            {
                connection.NeedTrust($"cannot register realisation '{realisation.Id}' because it lacks a signature by a trusted key");
            }

            connection.Store.Realisations.Register(realisation);
        });
    }
}
