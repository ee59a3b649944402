using System.Buffers.Binary;

namespace Firn.Archive.Nars;

/// <summary>Writes the NAR of the tree that it visits.</summary>
public sealed class NarWriter : INarVisitor
{
    private readonly Stream _output;
    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _used;
    private long _fileSize;
    private int _depth;
    private long _passedOn;

    /// <summary>Writes to <paramref name="output"/>, starting with what every NAR starts with.</summary>
    public NarWriter(Stream output)
    {
        _output = output;
        Word(NarFormat.Magic);
    }

    /// <summary>How many bytes of NAR there are so far.</summary>
    public long Position => _passedOn + _used;

    public void BeginFile(bool isExecutable, long size)
    {
        Word("("u8);
        Word("type"u8);
        Word("regular"u8);
        if (isExecutable)
        {
            Word("executable"u8);
            Word([]);
        }

        Word("contents"u8);
        Length(size);
        _fileSize = size;
    }

    public void Write(ReadOnlySpan<byte> content) => Raw(content);

    public void EndFile()
    {
        Pad(_fileSize);
        EndNode();
    }

    public void Symlink(ReadOnlySpan<byte> target)
    {
        Word("("u8);
        Word("type"u8);
        Word("symlink"u8);
        Word("target"u8);
        Word(target);
        EndNode();
    }

    public void BeginDirectory()
    {
        Word("("u8);
        Word("type"u8);
        Word("directory"u8);
        _depth++;
    }

    public void Entry(ReadOnlySpan<byte> name)
    {
        Word("entry"u8);
        Word("("u8);
        Word("name"u8);
        Word(name);
        Word("node"u8);
    }

    public void EndDirectory()
    {
        _depth--;
        EndNode();
    }

    /// <summary>Passes on what is still in the buffer.</summary>
    public void Finish()
    {
        _output.Write(_buffer, 0, _used);
        _passedOn += _used;
        _used = 0;
    }

    private void EndNode()
    {
        Word(")"u8);
        if (_depth > 0)
        {
            // The entry's, too.
            Word(")"u8);
        }
    }

    private void Word(ReadOnlySpan<byte> text)
    {
        Length(text.Length);
        Raw(text);
        Pad(text.Length);
    }

    private void Length(long length)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        Raw(bytes);
    }

    private void Pad(long length) => Raw("\0\0\0\0\0\0\0"u8[..(int)(NarFormat.Padded(length) - length)]);

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _used)
        {
            Finish();
            if (bytes.Length >= _buffer.Length)
            {
                _output.Write(bytes);
                _passedOn += bytes.Length;
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }
}
