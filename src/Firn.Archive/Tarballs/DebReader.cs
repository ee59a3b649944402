using System.Globalization;
using System.Text;
using Firn.Archive.Compression;

namespace Firn.Archive.Tarballs;

/// <summary>Reads the files that a Debian binary package (<c>.deb</c>, format 2.0) installs.</summary>
/// <remarks>
/// Such a package is an <c>ar</c> archive of three members in this order: <c>debian-binary</c> with the format's
/// number, <c>control.tar</c>, <c>data.tar</c>. Its maintainer scripts and metadata are passed over.
/// </remarks>
public static class DebReader
{
    private const int HeaderSize = 60;

    /// <summary>Yields the members of <c>data.tar</c>, however that is compressed.</summary>
    /// <exception cref="TarballException">It is no such package, or damaged, or reaches outside its folder.</exception>
    public static IEnumerable<ArchiveEntry> Read(Stream source) =>
        TarReader.Read(CompressedStream.OpenRecognised(OpenData(source), out _));

    private static DataStream OpenData(Stream source)
    {
        var magic = new byte[8];
        if (source.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length
            || !magic.AsSpan().SequenceEqual("!<arch>\n"u8)
            || ReadHeader(source) is not ("debian-binary", < 64 and var length)
            || ReadText(source, length) is not ['2', '.', ..])
        {
            throw new TarballException("it is not a Debian package of format 2");
        }

        while (true)
        {
            var (name, size) = ReadHeader(source);
            if (name == "data.tar" || name.StartsWith("data.tar.", StringComparison.Ordinal))
            {
                return new DataStream(source, size);
            }

            Skip(source, size + (size & 1));
        }
    }

    private static (string Name, long Size) ReadHeader(Stream source)
    {
        var header = ReadText(source, HeaderSize);
        return header.EndsWith("`\n", StringComparison.Ordinal)
            && long.TryParse(header.AsSpan(48, 10).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? (header[..16].TrimEnd(' ').TrimEnd('/'), size)
                : throw new TarballException("a header in the Debian package is damaged");
    }

    /// <summary>Reads a member's text with the byte that pads it to an even length.</summary>
    private static string ReadText(Stream source, long length)
    {
        var bytes = new byte[length + (length & 1)];
        return source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? Encoding.Latin1.GetString(bytes)
            : throw CutShort();
    }

    private static void Skip(Stream source, long count)
    {
        var buffer = new byte[Math.Min(count, 64 * 1024)];
        while (count > 0)
        {
            var read = source.Read(buffer, 0, (int)Math.Min(count, buffer.Length));
            count -= read > 0 ? read : throw CutShort();
        }
    }

    private static TarballException CutShort() => new("the Debian package ends before its files do");

    /// <summary>The bytes of the one member, from where the package's stream stands.</summary>
    private sealed class DataStream(Stream source, long remaining) : ReadOnlyStream
    {
        private long _remaining = remaining;

        public override int Read(Span<byte> buffer)
        {
            var wanted = (int)Math.Min(buffer.Length, _remaining);
            if (wanted == 0)
            {
                return 0;
            }

            var count = source.Read(buffer[..wanted]);
            _remaining -= count;
            return count > 0 ? count : throw CutShort();
        }
    }
}
