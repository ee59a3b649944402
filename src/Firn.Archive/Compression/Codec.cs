using System.Runtime.InteropServices;

namespace Firn.Archive.Compression;

/// <summary>A compressor or decompressor of a system library, which is driven block by block.</summary>
/// <remarks>
/// The buffers and the library's own record live in pinned arrays: the library keeps addresses between calls,
/// and pinned arrays give addresses without unsafe code.
/// </remarks>
internal abstract class Codec : IDisposable
{
    internal const int BufferSize = 64 * 1024;

    internal byte[] Input { get; } = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    internal byte[] Output { get; } = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    /// <summary>Works on the given part of <see cref="Input"/>, into the start of <see cref="Output"/>.</summary>
    /// <exception cref="InvalidDataException">The compressed data is damaged.</exception>
    internal CodecStep Run(int start, int count, bool isLast) => Run(start, count, isLast, Address(Output), BufferSize);

    /// <summary>Works on the given part of <see cref="Input"/>, into <paramref name="room"/> bytes at an address.</summary>
    /// <exception cref="InvalidDataException">The compressed data is damaged.</exception>
    internal abstract CodecStep Run(int start, int count, bool isLast, nint output, int room);

    public abstract void Dispose();

    protected static nint Address<T>(T[] pinned, int index = 0) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);
}

/// <summary>What one step of a codec took and gave, and whether nothing can follow.</summary>
internal readonly record struct CodecStep(int Consumed, int Produced, bool IsFinished);

/// <summary>Reads through a decompressor.</summary>
internal sealed class DecodingStream(Stream source, Codec codec, bool leaveOpen) : ReadOnlyStream
{
    private int _start, _end, _outStart, _outEnd;
    private bool _isLast, _isFinished;

    public override int Read(Span<byte> buffer)
    {
        if (_outStart == _outEnd && buffer.Length > 0)
        {
            (_outStart, _outEnd) = (0, Decode(codec.Output, 0, codec.Output.Length));
        }

        var count = Math.Min(buffer.Length, _outEnd - _outStart);
        codec.Output.AsSpan(_outStart, count).CopyTo(buffer);
        _outStart += count;
        return count;
    }

    // Who takes much at a time has it decoded to where he wants it.
    public override int Read(byte[] buffer, int offset, int count) =>
        _outStart < _outEnd || count < Codec.BufferSize ? Read(buffer.AsSpan(offset, count)) : Decode(buffer, offset, count);

    private int Decode(byte[] buffer, int offset, int count)
    {
        var pin = GCHandle.Alloc(buffer, GCHandleType.Pinned);
        try
        {
            while (!_isFinished)
            {
                if (_start == _end && !_isLast)
                {
                    (_start, _end) = (0, source.Read(codec.Input, 0, codec.Input.Length));
                    _isLast = _end == 0;
                }

                var step = codec.Run(_start, _end - _start, _isLast, pin.AddrOfPinnedObject() + offset, count);
                if (step is { Consumed: 0, Produced: 0, IsFinished: false } && _isLast)
                {
                    throw new InvalidDataException("the compressed data ends too early");
                }

                _start += step.Consumed;
                _isFinished = step.IsFinished;
                if (step.Produced > 0)
                {
                    return step.Produced;
                }
            }

            return 0;
        }
        finally
        {
            pin.Free();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            codec.Dispose();
            if (!leaveOpen)
            {
                source.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}

/// <summary>Writes through a compressor.</summary>
internal sealed class EncodingStream(Stream target, Codec codec, bool leaveOpen) : Stream
{
    private int _filled;
    private bool _isFinished;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, Codec.BufferSize - _filled);
            buffer[..count].CopyTo(codec.Input.AsSpan(_filled));
            _filled += count;
            buffer = buffer[count..];
            if (_filled == Codec.BufferSize)
            {
                Drain(isLast: false);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isFinished)
        {
            _isFinished = true;
            try
            {
                Drain(isLast: true);
            }
            finally
            {
                codec.Dispose();
                if (!leaveOpen)
                {
                    target.Dispose();
                }
            }
        }

        base.Dispose(disposing);
    }

    private void Drain(bool isLast)
    {
        var start = 0;
        while (true)
        {
            var step = codec.Run(start, _filled - start, isLast);
            target.Write(codec.Output, 0, step.Produced);
            start += step.Consumed;
            if (isLast ? step.IsFinished : start == _filled)
            {
                break;
            }
        }

        _filled = 0;
    }
}
