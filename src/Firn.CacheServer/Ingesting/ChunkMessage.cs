using System.Buffers.Binary;
using Firn.CacheServer.Chunking;

namespace Firn.CacheServer.Ingesting;

/// <summary>How chunks are sent: for each the length of its frame, its size, its hash, its frame.</summary>
public static class ChunkMessage
{
    private const int HashLength = 32;
    private const int HeaderLength = 4 + 4 + HashLength;

    /// <summary>Writes one chunk.</summary>
    public static void Write(Stream output, ChunkFrame chunk)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header, chunk.Frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], chunk.Size);
        Convert.TryFromBase64String(chunk.Hash, header[8..], out _);
        output.Write(header);
        output.Write(chunk.Frame.Span);
    }

    /// <summary>Reads chunks to the end; each is good until the next one is read.</summary>
    /// <exception cref="InvalidDataException">A length is out of bounds, or it ends in the middle of a chunk.</exception>
    public static IEnumerable<ChunkFrame> Read(Stream input)
    {
        var header = new byte[HeaderLength];
        var frame = new byte[ChunkFrames.MaxFrame];
        while (true)
        {
            var read = input.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
            if (read == 0)
            {
                yield break;
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            var size = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
            if (read < HeaderLength || length <= 0 || length > frame.Length || size <= 0 || size > ContentCut.Max
                || input.ReadAtLeast(frame.AsMemory(0, length).Span, length, throwOnEndOfStream: false) < length)
            {
                throw new InvalidDataException("a chunk ends too early, or is larger than chunks may be");
            }

            yield return new ChunkFrame(Convert.ToBase64String(header, 8, HashLength), frame.AsMemory(0, length), size);
        }
    }
}
