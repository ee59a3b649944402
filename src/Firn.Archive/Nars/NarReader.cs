using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Firn.Archive.Nars;

/// <summary>Reads a NAR and hands its tree to a visitor, holding no more of it than one buffer.</summary>
public sealed class NarReader
{
    private const int ContentBuffer = 256 * 1024;

    // What every node starts with: the words "(" and "type", each behind its length and padded to 8 bytes.
    private static readonly byte[] _nodeStart = [.. Word("("u8), .. Word("type"u8)];
    private static readonly byte[] _nameStart = [.. Word("("u8), .. Word("name"u8)];

    private readonly Stream _input;
    private readonly INarVisitor _visitor;
    private readonly byte[] _word = new byte[8 + NarFormat.MaxTarget + 1];

    private NarReader(Stream input, INarVisitor visitor) => (_input, _visitor) = (input, visitor);

    /// <summary>Reads exactly one NAR; what follows it stays in <paramref name="input"/>.</summary>
    /// <remarks>It reads in small pieces: give it a stream with a buffer.</remarks>
    /// <exception cref="NarException">It is not a NAR.</exception>
    public static void Read(Stream input, INarVisitor visitor)
    {
        var reader = new NarReader(input, visitor);
        Span<byte> start = stackalloc byte[24];
        if (input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual(Word(NarFormat.Magic)))
        {
            throw NarException.Bad("input doesn't look like a Nix archive");
        }

        reader.Node(0);
    }

    /// <summary>Copies exactly one NAR, checking it on the way.</summary>
    /// <exception cref="NarException">It is not a NAR.</exception>
    public static void Copy(Stream input, Stream output)
    {
        var writer = new NarWriter(output);
        Read(input, writer);
        writer.Finish();
    }

    private static byte[] Word(ReadOnlySpan<byte> text)
    {
        var word = new byte[8 + NarFormat.Padded(text.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(word, text.Length);
        text.CopyTo(word.AsSpan(8));
        return word;
    }

    private void Node(int depth)
    {
        if (depth >= NarFormat.MaxDepth)
        {
            throw NarException.Bad($"NAR directory nesting exceeds maximum depth of {NarFormat.MaxDepth}");
        }

        Expect(_nodeStart);
        var type = ReadWord(NarFormat.MaxTag);
        if (type.SequenceEqual("regular"u8))
        {
            File();
        }
        else if (type.SequenceEqual("directory"u8))
        {
            Directory(depth);
        }
        else if (type.SequenceEqual("symlink"u8))
        {
            Expect("target"u8, ReadWord(NarFormat.MaxTag));
            var target = ReadWord(NarFormat.MaxTarget);
            if (target.IsEmpty || target.Contains((byte)0))
            {
                throw NarException.Bad("NAR contains invalid symlink target");
            }

            _visitor.Symlink(target);
            Expect(")"u8, ReadWord(NarFormat.MaxTag));
        }
        else
        {
            throw NarException.Bad($"unknown file type '{Show(type)}'");
        }
    }

    private void File()
    {
        var isExecutable = false;
        var tag = ReadWord(NarFormat.MaxTag);
        if (tag.SequenceEqual("executable"u8))
        {
            if (!ReadWord(0).IsEmpty)
            {
                throw NarException.Bad("executable marker has non-empty value");
            }

            isExecutable = true;
            tag = ReadWord(NarFormat.MaxTag);
        }

        Expect("contents"u8, tag);
        var size = ReadLength(long.MaxValue - 7);
        _visitor.BeginFile(isExecutable, size);
        Contents(size);
        _visitor.EndFile();
        Expect(")"u8, ReadWord(NarFormat.MaxTag));
    }

    private void Contents(long size)
    {
        if (_input is ILendingStream lending)
        {
            for (var left = size; left > 0;)
            {
                var content = lending.Lend(left);
                if (content.IsEmpty)
                {
                    throw Truncated();
                }

                _visitor.Write(content);
                left -= content.Length;
            }
        }
        else
        {
            CopyContents(size);
        }

        Span<byte> padding = stackalloc byte[8];
        padding = padding[..(int)(NarFormat.Padded(size) - size)];
        ReadExactly(padding);
        CheckPadding(padding);
    }

    private void CopyContents(long size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ContentBuffer, NarFormat.Padded(size)));
        try
        {
            for (var left = size; left > 0;)
            {
                var count = _input.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                if (count <= 0)
                {
                    throw Truncated();
                }

                _visitor.Write(buffer.AsSpan(0, count));
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Directory(int depth)
    {
        _visitor.BeginDirectory();
        Span<byte> previous = stackalloc byte[NarFormat.MaxName];
        var previousLength = 0;
        while (true)
        {
            var tag = ReadWord(NarFormat.MaxTag);
            if (tag.SequenceEqual(")"u8))
            {
                _visitor.EndDirectory();
                return;
            }

            if (!tag.SequenceEqual("entry"u8))
            {
                throw NarException.Bad($"expected tag 'entry' or ')', got '{Show(tag)}'");
            }

            Expect(_nameStart);
            var name = ReadWord(NarFormat.MaxName);
            if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.ContainsAny((byte)'/', (byte)0))
            {
                throw NarException.Bad($"NAR contains invalid file name '{Show(name)}'");
            }

            // Sorted strictly, which excludes duplicates: a link and a directory of one name led out of the tree (CVE-2024-45593).
            if (previousLength > 0 && name.SequenceCompareTo(previous[..previousLength]) <= 0)
            {
                throw NarException.Bad("NAR directory is not sorted");
            }

            name.CopyTo(previous);
            previousLength = name.Length;
            _visitor.Entry(name);
            Expect("node"u8, ReadWord(NarFormat.MaxTag));
            Node(depth + 1);
            Expect(")"u8, ReadWord(NarFormat.MaxTag));
        }
    }

    private long ReadLength(long max)
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadExactly(bytes);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return length <= (ulong)max ? (long)length : throw NarException.Bad($"a string of {length} bytes is too long");
    }

    /// <summary>Reads a word; the span is good until the next one is read.</summary>
    private ReadOnlySpan<byte> ReadWord(int max)
    {
        var length = (int)ReadLength(max);
        var padded = _word.AsSpan(0, (int)NarFormat.Padded(length));
        ReadExactly(padded);
        CheckPadding(padded[length..]);
        return padded[..length];
    }

    private void Expect(byte[] start)
    {
        var found = _word.AsSpan(0, start.Length);
        ReadExactly(found);
        if (!found.SequenceEqual(start))
        {
            throw NarException.Bad($"expected tags '(' and '{(start == _nodeStart ? "type" : "name")}'");
        }
    }

    private static void Expect(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found)
    {
        if (!found.SequenceEqual(expected))
        {
            throw NarException.Bad($"expected tag '{Show(expected)}', got '{Show(found)}'");
        }
    }

    private static void CheckPadding(ReadOnlySpan<byte> padding)
    {
        if (padding.ContainsAnyExcept((byte)0))
        {
            throw NarException.Bad("non-zero padding");
        }
    }

    private void ReadExactly(Span<byte> buffer)
    {
        if (_input.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw Truncated();
        }
    }

    private static NarException Truncated() => NarException.Bad("it ends too early");

    private static string Show(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
