using System.Runtime.InteropServices;

namespace Firn.Archive.Compression;

/// <summary>Drives libbz2, which Debian's package manager itself needs and which is therefore always there.</summary>
internal sealed class Bzip2Codec : Codec
{
    private const int Running = 0, Finishing = 2;
    private const int Ok = 0, StreamEnd = 4;

    private readonly BzStream[] _stream = GC.AllocateArray<BzStream>(1, pinned: true);
    private readonly bool _isEncoder;
    private bool _isOpen, _isBetweenStreams;

    private Bzip2Codec(bool isEncoder) => _isEncoder = isEncoder;

    internal static Bzip2Codec Decoder()
    {
        var codec = new Bzip2Codec(isEncoder: false);
        codec.Check(StartDecoder(Address(codec._stream), 0, 0));
        return codec;
    }

    internal static Bzip2Codec Encoder(int level)
    {
        var codec = new Bzip2Codec(isEncoder: true);
        codec.Check(StartEncoder(Address(codec._stream), level, 0, 0));
        return codec;
    }

    internal override CodecStep Run(int start, int count, bool isLast, nint output, int room)
    {
        if (_isBetweenStreams)
        {
            if (count == 0)
            {
                return new CodecStep(0, 0, isLast);
            }

            // Files made by appending one to another are one file: each part has its own header.
            Dispose();
            _stream[0] = default;
            Check(StartDecoder(Address(_stream), 0, 0));
            _isBetweenStreams = false;
        }

        ref var stream = ref _stream[0];
        stream.NextIn = count == 0 ? 0 : Address(Input, start);
        stream.AvailableIn = (uint)count;
        stream.NextOut = output;
        stream.AvailableOut = (uint)room;
        var status = _isEncoder
            ? Compress(Address(_stream), isLast ? Finishing : Running)
            : Decompress(Address(_stream));
        if (status < Ok)
        {
            throw new InvalidDataException($"the bzip2 data is damaged (libbz2 says {status})");
        }

        var (consumed, produced) = (count - (int)stream.AvailableIn, room - (int)stream.AvailableOut);
        _isBetweenStreams = !_isEncoder && status == StreamEnd;
        return new CodecStep(consumed, produced, _isEncoder && status == StreamEnd);
    }

    public override void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _ = _isEncoder ? EndEncoder(Address(_stream)) : EndDecoder(Address(_stream));
        }
    }

    private void Check(int status) => _isOpen = status == Ok
        ? true
        : throw new InvalidDataException($"libbz2 cannot start (it says {status})");

    [DllImport("libbz2.so.1.0", EntryPoint = "BZ2_bzDecompressInit")]
    private static extern int StartDecoder(nint stream, int verbosity, int small);

    [DllImport("libbz2.so.1.0", EntryPoint = "BZ2_bzDecompress")]
    private static extern int Decompress(nint stream);

    [DllImport("libbz2.so.1.0", EntryPoint = "BZ2_bzDecompressEnd")]
    private static extern int EndDecoder(nint stream);

    [DllImport("libbz2.so.1.0", EntryPoint = "BZ2_bzCompressInit")]
    private static extern int StartEncoder(nint stream, int blockSize, int verbosity, int workFactor);

    [DllImport("libbz2.so.1.0", EntryPoint = "BZ2_bzCompress")]
    private static extern int Compress(nint stream, int action);

    [DllImport("libbz2.so.1.0", EntryPoint = "BZ2_bzCompressEnd")]
    private static extern int EndEncoder(nint stream);

    /// <summary>The library's <c>bz_stream</c>; zero means not started and the usual allocator.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct BzStream
    {
        public nint NextIn;
        public uint AvailableIn;
        public uint TotalInLow;
        public uint TotalInHigh;
        public nint NextOut;
        public uint AvailableOut;
        public uint TotalOutLow;
        public uint TotalOutHigh;
        public nint State;
        public nint Allocate;
        public nint Free;
        public nint Opaque;
    }
}
