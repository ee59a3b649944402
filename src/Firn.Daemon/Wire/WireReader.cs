using System.Buffers.Binary;
using System.Text;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Wire;

/// <summary>Reads the numbers and texts of both protocols: 8 bytes, little end first; texts padded to 8 bytes.</summary>
/// <remarks>No length is believed: memory grows with what arrives, up to the limits of <see cref="WireLimits"/>.</remarks>
public sealed class WireReader
{
    private const int Piece = 64 * 1024;

    private readonly Stream _input;
    private readonly byte[] _buffer = new byte[Piece];
    private int _at;
    private int _end;
    private long _message;

    public WireReader(Stream input, StoreDirectory directory)
    {
        (_input, Directory) = (input, directory);
        Rest = new View(this);
    }

    /// <summary>How paths are spelled.</summary>
    public StoreDirectory Directory { get; }

    /// <summary>The version that both sides speak; known once they have greeted each other.</summary>
    public ProtocolVersion Version { get; set; }

    /// <summary>What follows, as bytes.</summary>
    public Stream Rest { get; }

    /// <summary>Waits for more; true when there will be none. Begins a new message.</summary>
    public bool IsAtEnd()
    {
        _message = 0;
        return _at == _end && Fill() == 0;
    }

    public ulong ReadNumber()
    {
        Span<byte> bytes = stackalloc byte[8];
        Count(8);
        ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads a number of at most <paramref name="max"/>.</summary>
    /// <exception cref="DaemonException">It is larger.</exception>
    public long ReadNumber(long max)
    {
        var number = ReadNumber();
        return number <= (ulong)max ? (long)number : throw new DaemonException(DaemonErrors.TooLarge, $"the number {number} is larger than {max}, the most that is allowed here");
    }

    /// <summary>Reads a number that has 32 bits.</summary>
    public int ReadInt() => (int)ReadNumber(int.MaxValue);

    public bool ReadFlag() => ReadNumber() != 0;

    /// <summary>Reads how many items follow.</summary>
    public int ReadCount() => (int)ReadNumber(WireLimits.MaxItems);

    public byte[] ReadBytes(int max = WireLimits.MaxText)
    {
        var length = (int)ReadNumber(max);
        Count(length);
        // What is said to come is not reserved before it comes.
        var bytes = new byte[Math.Min(length, Piece)];
        var got = 0;
        while (got < length)
        {
            if (got == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            }

            ReadExactly(bytes.AsSpan(got));
            got = bytes.Length;
        }

        SkipPadding(length);
        return bytes;
    }

    public string ReadString(int max = WireLimits.MaxText) => Encoding.UTF8.GetString(ReadBytes(max));

    /// <summary>Reads a short text.</summary>
    public string ReadName() => ReadString(WireLimits.MaxName);

    /// <summary>Reads the zeros behind a text of this length.</summary>
    public void SkipPadding(long length)
    {
        Span<byte> padding = stackalloc byte[(int)(-length & 7)];
        ReadExactly(padding);
        if (padding.ContainsAnyExcept((byte)0))
        {
            throw DaemonException.Protocol("non-zero padding");
        }
    }

    /// <summary>Reads a list.</summary>
    public List<T> ReadList<T>(Func<T> read)
    {
        var items = new List<T>();
        for (var left = ReadCount(); left > 0; left--)
        {
            items.Add(read());
        }

        return items;
    }

    private void Count(long bytes)
    {
        _message += bytes;
        if (_message > WireLimits.MaxMessage)
        {
            throw new DaemonException(DaemonErrors.TooLarge, $"a message has more than {WireLimits.MaxMessage} bytes, the most that is allowed");
        }
    }

    private void ReadExactly(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Read(bytes);
            if (count == 0)
            {
                throw DaemonException.Protocol("unexpected end-of-file");
            }

            bytes = bytes[count..];
        }
    }

    private int Read(Span<byte> bytes)
    {
        if (_at == _end)
        {
            if (bytes.Length >= _buffer.Length)
            {
                return _input.Read(bytes);
            }

            if (Fill() == 0)
            {
                return 0;
            }
        }

        var count = Math.Min(bytes.Length, _end - _at);
        _buffer.AsSpan(_at, count).CopyTo(bytes);
        _at += count;
        return count;
    }

    private int Fill()
    {
        _at = 0;
        return _end = _input.Read(_buffer, 0, _buffer.Length);
    }

    private sealed class View(WireReader owner) : ForwardStream
    {
        public override bool CanRead => true;

        public override int Read(Span<byte> buffer) => owner.Read(buffer);
    }
}
