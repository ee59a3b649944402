using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Store.Contents;
using Firn.Store.PathInfos;

namespace Firn.Daemon.Operations;

/// <summary>Adds content and names it by its hash.</summary>
internal static class AddToStore
{
    public const ulong Number = 7;

    /// <summary>Adds what <paramref name="write"/> writes: a NAR, or the bytes of a file when the method hashes those.</summary>
    public static StorePath Call(DaemonConnection connection, string name, ContentOptions options, Action<Stream> write)
    {
        if (connection.Version < WorkerProtocol.WithFramedContent)
        {
            throw DaemonException.Protocol($"the daemon speaks protocol {connection.Version}, which is too old to add content to its store");
        }

        connection.Begin(Number);
        connection.Writer.Write(name);
        connection.Writer.Write(options.Method, options.Algorithm);
        connection.Writer.Write(options.References);
        connection.Writer.Write(options.Repair);
        connection.FinishWithFrames(write);
        var path = connection.Reader.ReadPath();
        _ = connection.Reader.ReadInfo(path);
        return path;
    }

    public static void Serve(ServerConnection connection)
    {
        var reader = connection.Reader;
        if (connection.Version < WorkerProtocol.WithFramedContent)
        {
            ServeOld(connection);
            return;
        }

        var name = reader.ReadName();
        var (method, algorithm) = reader.ReadMethod();
        var options = new ContentOptions
        {
            Method = method,
            Algorithm = algorithm,
            References = reader.ReadPaths(),
            Repair = reader.ReadFlag(),
        };
        var info = connection.WorkWithFrames(frames =>
        {
            if (options.Repair)
            {
                connection.NeedTrust("repairing is not allowed because you are not in 'trusted-users'");
            }

            var path = method is ContentAddressMethod.Flat or ContentAddressMethod.Text
                ? FlatContent.Add(connection.Store, name, frames, options)
                : connection.Store.Contents.AddFromNar(name, frames, options);
            return connection.Store.Infos.Get(path, connection.Store.Directory);
        });
        connection.Writer.Write(info.Path);
        connection.Writer.Write(info);
    }

    private static void ServeOld(ServerConnection connection)
    {
        var reader = connection.Reader;
        var name = reader.ReadName();
        var isFixed = reader.ReadFlag();
        var isRecursive = reader.ReadNumber(1) == 1;
        var algorithm = reader.ReadName();
        var options = !isFixed
            ? ContentOptions.Default
            : new ContentOptions
            {
                Method = isRecursive ? ContentAddressMethod.NixArchive : ContentAddressMethod.Flat,
                Algorithm = HashAlgorithms.Find(algorithm) ?? throw DaemonException.Protocol($"'{algorithm}' is no hash algorithm"),
            };
        // A NAR comes whatever is hashed, and nothing marks its end but itself.
        connection.Writer.Write(connection.Work(() => connection.Store.Contents.AddFromNar(name, reader.Rest, options)));
    }
}
