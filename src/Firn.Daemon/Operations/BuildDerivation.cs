using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store.Derivations;

namespace Firn.Daemon.Operations;

/// <summary>Builds a derivation that comes with the request.</summary>
internal static class BuildDerivation
{
    public const ulong Number = 36;

    public static BuildResult Call(DaemonConnection connection, StorePath path, Derivation derivation, BuildMode mode)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Writer.Write(derivation);
        connection.Writer.Write(mode);
        connection.Finish();
        return connection.Reader.ReadResult(ResultForm.OfWorker(connection.Version));
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        if (!path.IsDerivation)
        {
            throw DaemonException.Protocol($"'{connection.Reader.Directory.Absolute(path)}' is not the path of a derivation");
        }

        var derivation = connection.Reader.ReadDerivation(path.Name[..^4]);
        var mode = connection.Reader.ReadMode();
        var result = connection.Work(() =>
        {
            Check(connection, derivation, mode);
            // What nobody vouches for gets the path that follows from it.
            var honest = connection.IsTrusted ? path : connection.Store.DerivationSink.AddDerivation(derivation, connection.Store.Directory);
            return connection.Store.Builds.BuildDerivation(honest, derivation, mode, connection.Cancellation);
        });
        connection.Writer.Write(result, ResultForm.OfWorker(connection.Version), output => connection.Ids.Of(derivation, output));
    }

    // An input-addressed path follows from the whole graph of derivations, which did not come along: who may name such
    // a path without showing them could fill it with anything. Content speaks for itself.
    private static void Check(ServerConnection connection, Derivation derivation, BuildMode mode)
    {
        if (!derivation.Outputs.All(o => o.Output is DerivationOutput.FixedContent or DerivationOutput.FloatingContent or DerivationOutput.Impure)
            || derivation.Outputs.IsEmpty)
        {
            connection.NeedTrust("you are not privileged to build input-addressed derivations");
        }

        if (mode == BuildMode.Repair)
        {
            connection.NeedTrust("repairing is not allowed because you are not in 'trusted-users'");
        }
    }
}
