namespace Firn.Daemon.Wire;

/// <summary>A stream in frames, each behind its length, so that its end can be told wherever its reader stopped.</summary>
public sealed class FrameReader(WireReader input) : ForwardStream
{
    private ulong _left;
    private bool _isOver;

    public override bool CanRead => true;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || !HasMore())
        {
            return 0;
        }

        var count = input.Rest.Read(buffer[..(int)Math.Min((ulong)buffer.Length, _left)]);
        if (count == 0)
        {
            throw DaemonException.Protocol("unexpected end-of-file");
        }

        _left -= (ulong)count;
        return count;
    }

    /// <summary>Reads what is left of it: only then can another message be read.</summary>
    public void Drain()
    {
        Span<byte> bytes = stackalloc byte[4096];
        while (Read(bytes) > 0)
        {
        }
    }

    private bool HasMore()
    {
        if (_left == 0 && !_isOver)
        {
            // Frames are no part of the message that they come with.
            Span<byte> length = stackalloc byte[8];
            input.Rest.ReadExactly(length);
            _left = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(length);
            _isOver = _left == 0;
        }

        return !_isOver;
    }
}

/// <summary>Writes a stream in frames.</summary>
/// <param name="output">Takes them.</param>
/// <param name="isRefused">Tells whether the other side wants no more.</param>
public sealed class FrameWriter(WireWriter output, Func<bool> isRefused) : ForwardStream
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _count;

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _buffer.Length - _count);
            buffer[..count].CopyTo(_buffer.AsSpan(_count));
            _count += count;
            buffer = buffer[count..];
            if (_count == _buffer.Length)
            {
                Send();
            }
        }
    }

    /// <summary>Sends what is left, and the end.</summary>
    public void Finish()
    {
        if (!isRefused())
        {
            Send();
        }

        output.Write(0UL);
        output.Flush();
    }

    private void Send()
    {
        if (isRefused())
        {
            throw new RefusedException();
        }

        if (_count > 0)
        {
            output.Write((ulong)_count);
            output.WriteRaw(_buffer.AsSpan(0, _count));
            _count = 0;
        }
    }
}

/// <summary>The other side said that it wants no more; what it said tells why.</summary>
public sealed class RefusedException() : DaemonException(DaemonErrors.Remote, "the daemon refused the upload");
