using Firn.Daemon.Wire;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Serving;

/// <summary>The numbers and forms of <c>nix-store --serve</c>, the older of the two protocols.</summary>
internal static class ServeProtocol
{
    public const ulong ClientMagic = 0x390c9deb;
    public const ulong ServerMagic = 0x5452eecb;

    public static ProtocolVersion Latest { get; } = new(2, 7);

    public static ProtocolVersion Oldest { get; } = new(2, 5);

    /// <summary>Reads what is recorded about <paramref name="path"/>.</summary>
    public static PathInfo ReadServedInfo(this WireReader reader, StorePath path)
    {
        var deriver = reader.ReadPathOrNull();
        var references = reader.ReadPaths();
        // How much has to be downloaded: nobody compresses here.
        reader.ReadNumber();
        return new PathInfo
        {
            Path = path,
            Deriver = deriver,
            References = [.. references.Distinct().Order()],
            NarSize = reader.ReadNumber(long.MaxValue),
            NarHash = reader.ReadName() is { Length: > 0 } hash ? Hash.Parse(hash) : throw DaemonException.Protocol("the other side does not tell the hash of what it has"),
            ContentAddress = reader.ReadName() is { Length: > 0 } address ? ContentAddress.Parse(address) : null,
            Signatures = [.. reader.ReadList(reader.ReadName).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    public static void WriteServed(this WireWriter writer, PathInfo info)
    {
        writer.WriteOrNull(info.Deriver);
        writer.Write(info.References);
        writer.Write(info.NarSize);
        writer.Write(info.NarSize);
        if (writer.Version >= new ProtocolVersion(2, 4))
        {
            writer.Write(info.NarHash.ToString(HashFormat.Nix32));
            writer.Write(info.ContentAddress?.ToString() ?? "");
            writer.Write(info.Signatures);
        }
    }

    public static ServeOptions ReadOptions(this WireReader reader)
    {
        var options = new ServeOptions { MaxSilentTime = reader.ReadNumber(uint.MaxValue), Timeout = reader.ReadNumber(uint.MaxValue) };
        if (reader.Version >= new ProtocolVersion(2, 2))
        {
            options = options with { MaxLogSize = (long)Math.Min(reader.ReadNumber(), long.MaxValue) };
        }

        if (reader.Version >= new ProtocolVersion(2, 3))
        {
            if (reader.ReadNumber() != 0)
            {
                throw DaemonException.Protocol("client requested repeating builds, but this is not currently implemented");
            }

            reader.ReadNumber();
        }

        return reader.Version >= Latest ? options with { KeepFailed = reader.ReadFlag() } : options;
    }

    public static void Write(this WireWriter writer, ServeOptions options)
    {
        writer.Write(options.MaxSilentTime);
        writer.Write(options.Timeout);
        writer.Write(options.MaxLogSize);
        writer.Write(0UL);
        writer.Write(0UL);
        if (writer.Version >= Latest)
        {
            writer.Write(options.KeepFailed);
        }
    }
}

/// <summary>How builds are to be done; times in seconds, 0 for no limit.</summary>
public sealed record ServeOptions
{
    public long MaxSilentTime { get; init; }

    public long Timeout { get; init; }

    public long MaxLogSize { get; init; }

    public bool KeepFailed { get; init; }
}

/// <summary>What can be asked for.</summary>
internal enum ServeCommand : ulong
{
    QueryValidPaths = 1,
    QueryPathInfos = 2,
    DumpStorePath = 3,
    ImportPaths = 4,
    BuildPaths = 6,
    QueryClosure = 7,
    BuildDerivation = 8,
    AddToStoreNar = 9,
}
