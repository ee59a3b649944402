using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Wire;

/// <summary>Paths and what is recorded about them, as both protocols write them.</summary>
internal static class StoreValues
{
    private static readonly ProtocolVersion _withSignatures = new(1, 16);

    public static StorePath ReadPath(this WireReader reader) => reader.Directory.Parse(reader.ReadName());

    public static StorePath? ReadPathOrNull(this WireReader reader) => reader.ReadName() is { Length: > 0 } text ? reader.Directory.Parse(text) : null;

    public static List<StorePath> ReadPaths(this WireReader reader) => reader.ReadList(reader.ReadPath);

    public static void Write(this WireWriter writer, StorePath path) => writer.Write(writer.Directory.Absolute(path));

    public static void WriteOrNull(this WireWriter writer, StorePath? path) => writer.Write(path is null ? "" : writer.Directory.Absolute(path));

    public static void Write(this WireWriter writer, IEnumerable<StorePath> paths) => writer.WriteList([.. paths.Distinct().Order()], writer.Write);

    public static void Write(this WireWriter writer, IEnumerable<string> texts) => writer.WriteList([.. texts], writer.Write);

    /// <summary>Reads what is recorded about <paramref name="path"/>.</summary>
    public static PathInfo ReadInfo(this WireReader reader, StorePath path, bool hasSignatures = true)
    {
        var deriver = reader.ReadPathOrNull();
        var hash = Hash.Parse(reader.ReadName(), HashAlgorithm.Sha256);
        var references = reader.ReadPaths();
        var time = reader.ReadNumber(long.MaxValue);
        var info = new PathInfo
        {
            Path = path,
            Deriver = deriver,
            NarHash = hash,
            References = [.. references.Distinct().Order()],
            RegistrationTime = time,
            NarSize = reader.ReadNumber(long.MaxValue),
        };
        return hasSignatures && (reader.Version.Major != 1 || reader.Version >= _withSignatures) ? reader.ReadTrust(info) : info;
    }

    /// <summary>Reads who vouches for an object.</summary>
    public static PathInfo ReadTrust(this WireReader reader, PathInfo info) => info with
    {
        IsUltimate = reader.ReadFlag(),
        Signatures = [.. reader.ReadList(reader.ReadName).Distinct().Order(StringComparer.Ordinal)],
        ContentAddress = reader.ReadName() is { Length: > 0 } address ? ContentAddress.Parse(address) : null,
    };

    /// <summary>Writes what is recorded about an object, without its path.</summary>
    public static void Write(this WireWriter writer, PathInfo info)
    {
        writer.WriteOrNull(info.Deriver);
        writer.Write(info.NarHash.Digest(HashFormat.Base16));
        writer.Write(info.References);
        writer.Write(info.RegistrationTime);
        writer.Write(info.NarSize);
        writer.Write(info.IsUltimate);
        writer.Write(info.Signatures);
        writer.Write(info.ContentAddress?.ToString() ?? "");
    }

    /// <summary>Writes method and algorithm of a content address, such as <c>fixed:r:sha256</c>.</summary>
    public static void Write(this WireWriter writer, ContentAddressMethod method, HashAlgorithm algorithm) => writer.Write(
        method == ContentAddressMethod.Text ? "text:" + algorithm.Name() : $"fixed:{method.Prefix()}{algorithm.Name()}");

    public static (ContentAddressMethod Method, HashAlgorithm Algorithm) ReadMethod(this WireReader reader)
    {
        var text = reader.ReadName();
        var rest = text.AsSpan();
        if (rest.StartsWith("fixed:"))
        {
            rest = rest[6..];
        }
        else if (!rest.StartsWith("text:"))
        {
            throw DaemonException.Protocol($"not a content address because it is not in the form '<prefix>:<rest>': {text}");
        }

        var method = ContentAddressMethods.ParsePrefix(ref rest);
        return (method, HashAlgorithms.Find(rest) ?? throw DaemonException.Protocol($"content address '{text}' has unknown hash algorithm"));
    }
}
