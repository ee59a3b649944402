using System.Globalization;

namespace Firn.Transfers.S3;

/// <summary>In how many parts a file is uploaded to a bucket.</summary>
/// <param name="IsWanted">Whether there may be more than one.</param>
/// <param name="Threshold">Files with more bytes come in parts.</param>
/// <param name="Size">How many bytes a part has, if they are not too many.</param>
public sealed record S3Parts(bool IsWanted, long Threshold, long Size)
{
    private const long MinSize = 5L << 20;
    private const long MaxSize = 5L << 30;
    private const int MaxCount = 10_000;

    /// <summary>Reads the parameters behind the question mark of a bucket's address.</summary>
    /// <exception cref="TransferException">S3 knows no such parts.</exception>
    public static S3Parts Parse(IReadOnlyDictionary<string, string> parameters)
    {
        var size = Bytes(parameters, "multipart-chunk-size", Bytes(parameters, "buffer-size", MinSize));
        return size is < MinSize or > MaxSize
            ? throw S3Address.Bad($"'multipart-chunk-size' is {size} bytes: S3 wants at least 5 MiB and at most 5 GiB")
            : new S3Parts(
                parameters.GetValueOrDefault("multipart-upload") is "true" or "yes" or "1", Bytes(parameters, "multipart-threshold", 100L << 20), size);
    }

    /// <summary>Returns how many bytes each part of a file is to have; null when it is sent as a whole.</summary>
    /// <exception cref="TransferException">It is too large.</exception>
    public long? SizeFor(long length)
    {
        if (!IsWanted || length <= Threshold)
        {
            return length <= MaxSize ? null : throw S3Address.Bad(
                $"a file of {length} bytes is more than S3 takes at once; 'multipart-upload=true' in the address of the cache sends it in parts");
        }

        var size = Math.Max(Size, (length + MaxCount - 1) / MaxCount);
        return size <= MaxSize ? size : throw S3Address.Bad($"a file of {length} bytes is more than S3 takes");
    }

    private static long Bytes(IReadOnlyDictionary<string, string> parameters, string name, long usual)
    {
        if (!parameters.TryGetValue(name, out var text))
        {
            return usual;
        }

        var unit = text.Length > 0 ? "KMGT".IndexOf(char.ToUpperInvariant(text[^1])) + 1 : 0;
        return long.TryParse(unit > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> (10 * unit)
            ? number << (10 * unit)
            : throw S3Address.Bad($"'{text}' is not a valid value of '{name}', which is a number of bytes such as '{usual}'");
    }
}
