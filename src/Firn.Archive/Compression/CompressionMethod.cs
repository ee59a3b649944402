namespace Firn.Archive.Compression;

/// <summary>How a stream of bytes is compressed.</summary>
public enum CompressionMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Deflate with gzip's header.</summary>
    Gzip,

    /// <summary>bzip2, which build logs are kept in.</summary>
    Bzip2,

    /// <summary>LZMA2 in the xz container, the usual form of archives in binary caches.</summary>
    Xz,

    /// <summary>Zstandard.</summary>
    Zstd,

    /// <summary>Brotli, which has no signature and so is never recognised.</summary>
    Brotli,
}

/// <summary>The names, endings and signatures of <see cref="CompressionMethod"/>.</summary>
public static class CompressionMethods
{
    /// <summary>How many bytes <see cref="Recognise"/> wants to see.</summary>
    public const int SignatureLength = 6;

    private static readonly (CompressionMethod Method, string Name, string Ending, byte[] Signature, (int, int)? Levels)[] _all =
    [
        (CompressionMethod.None, "none", "", [], null),
        (CompressionMethod.Gzip, "gzip", ".gz", [0x1f, 0x8b], (0, 9)),
        (CompressionMethod.Bzip2, "bzip2", ".bz2", "BZh"u8.ToArray(), (1, 9)),
        (CompressionMethod.Xz, "xz", ".xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], (0, 9)),
        (CompressionMethod.Zstd, "zstd", ".zst", [0x28, 0xb5, 0x2f, 0xfd], (-131072, 22)),
        (CompressionMethod.Brotli, "br", ".br", [], (0, 11)),
    ];

    /// <summary>Returns the name that narinfo files and settings use.</summary>
    public static string Name(this CompressionMethod method) => _all[(int)method].Name;

    /// <summary>Returns the ending of file names, with its dot; nothing for <see cref="CompressionMethod.None"/>.</summary>
    public static string Ending(this CompressionMethod method) => _all[(int)method].Ending;

    /// <summary>Returns the lowest and the highest level of the method; null for <see cref="CompressionMethod.None"/>, which has none.</summary>
    public static (int Least, int Most)? Levels(this CompressionMethod method) => _all[(int)method].Levels;

    /// <summary>Returns the method called <paramref name="name"/>, or null; no name at all means none.</summary>
    public static CompressionMethod? Find(string name)
    {
        if (name.Length == 0)
        {
            return CompressionMethod.None;
        }

        var index = Array.FindIndex(_all, m => m.Name == name);
        return index < 0 ? null : _all[index].Method;
    }

    /// <summary>Tells the method by how the compressed bytes start; <see cref="CompressionMethod.None"/> when none is recognised.</summary>
    public static CompressionMethod Recognise(ReadOnlySpan<byte> start)
    {
        foreach (var (method, _, _, signature, _) in _all)
        {
            if (signature.Length > 0 && start.StartsWith(signature))
            {
                return method;
            }
        }

        return CompressionMethod.None;
    }
}
