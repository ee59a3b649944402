using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.Realisations;

namespace Firn.Daemon.Operations;

/// <summary>Makes objects valid and tells what came of each.</summary>
internal static class BuildPathsWithResults
{
    public const ulong Number = 46;

    public static IReadOnlyList<KeyedBuildResult> Call(DaemonConnection connection, IReadOnlyCollection<DerivedPath> wanted, BuildMode mode)
    {
        connection.Begin(Number);
        connection.Writer.WriteList(wanted, connection.Writer.Write);
        connection.Writer.Write(mode);
        connection.Finish();
        var reader = connection.Reader;
        return reader.ReadList(() => new KeyedBuildResult(reader.ReadDerivedPath(), reader.ReadResult(ResultForm.OfWorker(connection.Version))));
    }

    public static void Serve(ServerConnection connection)
    {
        var wanted = connection.Reader.ReadList(connection.Reader.ReadDerivedPath);
        var mode = connection.Reader.ReadMode();
        var results = connection.Work(() =>
        {
            BuildPaths.Check(connection, mode);
            return connection.Store.Builds.Build(wanted, mode, connection.Cancellation);
        });
        connection.Writer.WriteList(results.Items, item =>
        {
            connection.Writer.Write(item.Path);
            connection.Writer.Write(item.Result, ResultForm.OfWorker(connection.Version), output => IdOf(connection, item.Path, output));
        });
    }

    // All zeros when the derivation is not to be had.
    private static DrvOutput IdOf(ServerConnection connection, DerivedPath path, string output) =>
        path is DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var derivation) } && connection.Store.Infos.IsValid(derivation)
            ? connection.Ids.Of(derivation, output)
            : new DrvOutput(Hash.Zero(HashAlgorithm.Sha256), output);
}
