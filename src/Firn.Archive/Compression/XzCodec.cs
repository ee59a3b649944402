using System.Runtime.InteropServices;

namespace Firn.Archive.Compression;

/// <summary>Drives liblzma, which Debian's package manager itself needs and which is therefore always there.</summary>
internal sealed class XzCodec : Codec
{
    /// <summary>More than any level of xz asks for; a file that claims to need more is refused.</summary>
    private const ulong MemoryLimit = 1UL << 30;

    private const uint Concatenated = 0x08;
    private const int Crc64 = 4;
    private const int Running = 0, Finishing = 3;
    private const int Ok = 0, StreamEnd = 1, MemoryLimitReached = 6, BufferError = 10;

    private readonly LzmaStream[] _stream = GC.AllocateArray<LzmaStream>(1, pinned: true);
    private bool _isOpen;

    private XzCodec() { }

    internal static XzCodec Decoder()
    {
        var codec = new XzCodec();
        codec.Check(StartDecoder(Address(codec._stream), MemoryLimit, Concatenated));
        return codec;
    }

    internal static XzCodec Encoder(int level, int threads)
    {
        var codec = new XzCodec();
        if (threads > 1)
        {
            LzmaThreads[] options = GC.AllocateArray<LzmaThreads>(1, pinned: true);
            options[0] = new LzmaThreads { Threads = (uint)threads, Preset = (uint)level, Check = Crc64 };
            codec.Check(StartParallelEncoder(Address(codec._stream), Address(options)));
        }
        else
        {
            codec.Check(StartEncoder(Address(codec._stream), (uint)level, Crc64));
        }

        return codec;
    }

    internal override CodecStep Run(int start, int count, bool isLast, nint output, int room)
    {
        ref var stream = ref _stream[0];
        stream.NextIn = count == 0 ? 0 : Address(Input, start);
        stream.AvailableIn = (nuint)count;
        stream.NextOut = output;
        stream.AvailableOut = (nuint)room;
        var status = RunCoder(Address(_stream), isLast ? Finishing : Running);
        var step = new CodecStep(count - (int)stream.AvailableIn, room - (int)stream.AvailableOut, status == StreamEnd);
        return status switch
        {
            Ok or StreamEnd or BufferError => step,
            MemoryLimitReached => throw new InvalidDataException("the xz data asks for more memory than any known compressor needs"),
            _ => throw new InvalidDataException($"the xz data is damaged (liblzma says {status})"),
        };
    }

    public override void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            End(Address(_stream));
        }
    }

    private void Check(int status) => _isOpen = status == Ok
        ? true
        : throw new InvalidDataException($"liblzma cannot start (it says {status})");

    [DllImport("liblzma.so.5", EntryPoint = "lzma_stream_decoder")]
    private static extern int StartDecoder(nint stream, ulong memoryLimit, uint flags);

    [DllImport("liblzma.so.5", EntryPoint = "lzma_easy_encoder")]
    private static extern int StartEncoder(nint stream, uint preset, int check);

    [DllImport("liblzma.so.5", EntryPoint = "lzma_stream_encoder_mt")]
    private static extern int StartParallelEncoder(nint stream, nint options);

    [DllImport("liblzma.so.5", EntryPoint = "lzma_code")]
    private static extern int RunCoder(nint stream, int action);

    [DllImport("liblzma.so.5", EntryPoint = "lzma_end")]
    private static extern void End(nint stream);

    /// <summary>The library's <c>lzma_mt</c>; zero means the usual.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct LzmaThreads
    {
        public uint Flags;
        public uint Threads;
        public ulong BlockSize;
        public uint Timeout;
        public uint Preset;
        public nint Filters;
        public int Check;
    }

    /// <summary>The library's <c>lzma_stream</c>; zero means not started.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 136)]
    private struct LzmaStream
    {
        public nint NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public nint NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
    }
}
