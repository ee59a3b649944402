using Firn.Archive.Compression;

namespace Firn.Archive.Tarballs;

/// <summary>Reads an archive of any supported form: zip, or tar as it is or compressed with gzip, bzip2, xz or zstd.</summary>
public static class ArchiveReader
{
    /// <summary>Yields the members; an empty input is an empty archive.</summary>
    /// <param name="seekable">The archive; zip keeps its directory at the end, so this must be able to seek.</param>
    /// <exception cref="TarballException">The archive is damaged, of another form, or reaches outside its folder.</exception>
    public static IEnumerable<ArchiveEntry> Read(Stream seekable)
    {
        var start = new byte[4];
        var count = seekable.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        seekable.Position = 0;
        if (count == start.Length && (start.AsSpan().SequenceEqual("PK\x03\x04"u8) || start.AsSpan().SequenceEqual("PK\x05\x06"u8)))
        {
            return ZipReader.Read(seekable);
        }

        return TarReader.Read(CompressedStream.OpenRecognised(seekable, out _));
    }
}
