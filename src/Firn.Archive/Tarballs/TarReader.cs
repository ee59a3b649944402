using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firn.Archive.Compression;

namespace Firn.Archive.Tarballs;

/// <summary>Reads tar archives: the old form, ustar, pax and GNU's long names, as a stream and within limits.</summary>
public static class TarReader
{
    private const int BlockSize = 512;

    /// <summary>The largest pax header or long name that is read into memory.</summary>
    private const int MaxHeaderSize = 1 << 20;

    /// <summary>Yields the members in the order they stand in.</summary>
    /// <exception cref="TarballException">The archive is damaged, cut short, or reaches outside its folder.</exception>
    public static IEnumerable<ArchiveEntry> Read(Stream source)
    {
        var block = new byte[BlockSize];
        var globals = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var locals = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (ReadBlock(source, block))
        {
            if (block.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                yield break;
            }

            CheckSum(block);
            var (type, size) = ((char)block[156], Number(block.AsSpan(124, 12)));
            switch (type)
            {
                case 'x':
                    ReadPax(ReadHeader(source, size), locals);
                    continue;
                case 'g':
                    ReadPax(ReadHeader(source, size), globals);
                    continue;
                case 'L':
                    locals["path"] = CutAtZero(ReadHeader(source, size)).ToArray();
                    continue;
                case 'K':
                    locals["linkpath"] = CutAtZero(ReadHeader(source, size)).ToArray();
                    continue;
                case 'V':
                    // A volume's label is no member.
                    Skip(source, Padded(size));
                    continue;
            }

            var header = new Header(block, locals, globals);
            locals.Clear();
            size = header.Size ?? size;
            if (type is not ('0' or '\0' or '7'))
            {
                Skip(source, type is '1' or '2' or '5' ? 0 : Padded(size));
                yield return header.ToEntry(type);
                continue;
            }

            if (type != '7' && header.Name.EndsWith('/'))
            {
                // The oldest tar had no type for directories.
                Skip(source, Padded(size));
                yield return header.ToEntry('5');
                continue;
            }

            var content = new MemberStream(source, size);
            yield return header.ToFile(content);
            Skip(source, content.Remaining + Padded(size) - size);
        }
    }

    private static long Padded(long size) => (size + BlockSize - 1) / BlockSize * BlockSize;

    private static bool ReadBlock(Stream source, byte[] block)
    {
        var count = Fill(source, block);
        return count == BlockSize || (count == 0 ? false : throw CutShort());
    }

    private static byte[] ReadHeader(Stream source, long size)
    {
        if (size > MaxHeaderSize)
        {
            throw new TarballException($"a header in the archive claims {size} bytes; {MaxHeaderSize} are allowed");
        }

        var bytes = new byte[Padded(size)];
        return Fill(source, bytes) == bytes.Length ? bytes[..(int)size] : throw CutShort();
    }

    private static int Fill(Stream source, Span<byte> bytes)
    {
        try
        {
            return source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new TarballException($"the archive is damaged: {e.Message}");
        }
    }

    private static void Skip(Stream source, long count)
    {
        var buffer = new byte[Math.Min(count, 64 * 1024)];
        while (count > 0)
        {
            var read = Fill(source, buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)));
            count -= read > 0 ? read : throw CutShort();
        }
    }

    private static TarballException CutShort() => new("the archive ends in the middle of a member");

    private static ReadOnlySpan<byte> CutAtZero(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    private static void CheckSum(byte[] block)
    {
        var (wanted, sum) = (Number(block.AsSpan(148, 8)), 0L);
        for (var i = 0; i < BlockSize; i++)
        {
            sum += i is >= 148 and < 156 ? (byte)' ' : block[i];
        }

        if (sum != wanted)
        {
            throw new TarballException("it is not a tar archive, or a header in it is damaged");
        }
    }

    /// <summary>Reads an octal number, or GNU's binary form for what octal cannot hold.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            var low = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
            return field[0] == 0xff || low >= 0 ? low : throw new TarballException("a number in the archive is out of range");
        }

        var value = 0L;
        foreach (var digit in CutAtZero(field))
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
            {
                value = (value << 3) + digit - '0';
            }
            else if (digit != ' ')
            {
                throw new TarballException("a number in a header of the archive is not octal");
            }
        }

        return value;
    }

    /// <summary>Reads records of the form <c>length key=value\n</c>, where the length counts the whole record.</summary>
    private static void ReadPax(ReadOnlySpan<byte> rest, Dictionary<string, byte[]> records)
    {
        while (!rest.IsEmpty)
        {
            var space = rest.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(rest[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1 || length > rest.Length || rest[length - 1] != '\n'
                || rest[(space + 1)..length].IndexOf((byte)'=') is var equals && equals < 0)
            {
                throw new TarballException("a pax header in the archive is damaged");
            }

            var record = rest[(space + 1)..(length - 1)];
            records[Encoding.UTF8.GetString(record[..equals])] = record[(equals + 1)..].ToArray();
            rest = rest[length..];
        }
    }

    /// <summary>A member's header with what pax and GNU extensions said about it.</summary>
    private sealed class Header
    {
        private readonly string _linkName;
        private readonly long _time, _mode;

        internal Header(byte[] block, Dictionary<string, byte[]> locals, Dictionary<string, byte[]> globals)
        {
            byte[]? Find(string key) => locals.TryGetValue(key, out var value) || globals.TryGetValue(key, out value) ? value : null;

            var isUstar = block.AsSpan(257, 6).SequenceEqual("ustar\0"u8);
            var prefix = isUstar ? MemberPath.Decode(CutAtZero(block.AsSpan(345, 155))) : "";
            var name = MemberPath.Decode(Find("path") ?? CutAtZero(block.AsSpan(0, 100)));
            Name = Find("path") is null && prefix.Length > 0 ? $"{prefix}/{name}" : name;
            _linkName = MemberPath.Decode(Find("linkpath") ?? CutAtZero(block.AsSpan(157, 100)));
            _mode = Number(block.AsSpan(100, 8));
            _time = Find("mtime") is { } time ? WholeSeconds(time) : Number(block.AsSpan(136, 12));
            if (Find("size") is { } size)
            {
                Size = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new TarballException("a size in a pax header of the archive is not a number");
            }

            if (locals.Keys.Concat(globals.Keys).Any(k => k.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
            {
                throw new TarballException($"the archive's member '{Name}' is a sparse file, which is not supported");
            }
        }

        internal string Name { get; }

        internal long? Size { get; }

        internal ArchiveEntry.File ToFile(Stream content) =>
            new ArchiveEntry.File(MemberPath.Normalise(Name), _time, (_mode & 0b001_000_000) != 0, content);

        internal ArchiveEntry ToEntry(char type)
        {
            var path = MemberPath.Normalise(Name);
            return type switch
            {
                '5' => new ArchiveEntry.Directory(path, _time),
                '2' => new ArchiveEntry.Symlink(path, _time, MemberPath.CheckTarget(_linkName, path)),
                '1' => new ArchiveEntry.HardLink(path, _time, MemberPath.Normalise(_linkName)),
                _ => throw new TarballException($"the archive's member '{Name}' is neither a file, a directory nor a link (its type is '{type}')"),
            };
        }

        private static long WholeSeconds(byte[] text) =>
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? (long)decimal.Floor(value)
                : throw new TarballException("a time in a pax header of the archive is not a number");
    }

    /// <summary>One member's bytes.</summary>
    private sealed class MemberStream(Stream source, long size) : ReadOnlyStream
    {
        internal long Remaining { get; private set; } = size;

        public override int Read(Span<byte> buffer)
        {
            if (Remaining == 0 || buffer.IsEmpty)
            {
                return 0;
            }

            var wanted = buffer[..(int)Math.Min(buffer.Length, Remaining)];
            int count;
            try
            {
                count = source.Read(wanted);
            }
            catch (InvalidDataException e)
            {
                throw new TarballException($"the archive is damaged: {e.Message}");
            }

            Remaining -= count;
            return count > 0 ? count : throw CutShort();
        }
    }
}
