using Firn.CacheServer.Blobs;
using Firn.CacheServer.Chunking;
using Firn.CacheServer.Metadata;
using Firn.Model.Hashing;

namespace Firn.CacheServer.Ingesting;

/// <summary>Takes NARs into the storage: in chunks, each once, known only when all of it is durable.</summary>
public sealed class NarIngest(IBlobs blobs, IChunkIndex index)
{
    /// <summary>Stores the NAR in <paramref name="nar"/>, and returns it with its number.</summary>
    /// <exception cref="Archive.Nars.NarException">It is no NAR.</exception>
    public StoredNar Store(Stream nar)
    {
        using var frames = new ChunkFrames();
        using var writer = new ChunkWriter(blobs, index, frames);
        using var served = new ServedHash(blobs);
        var chunks = new List<StoredChunk>();
        using var chunker = new Chunker(chunk =>
        {
            var stored = writer.Add(chunk, out var frame);
            chunks.Add(stored);
            served.Add(stored, frame);
        });
        var check = NarCheck.Read(nar, chunker, blobs);
        chunker.Finish();
        writer.Commit();
        return Register(check, served, chunks);
    }

    /// <summary>Makes a NAR of chunks that are there already, and returns it with its number.</summary>
    /// <exception cref="Archive.Nars.NarException">They are no NAR.</exception>
    public StoredNar Assemble(IReadOnlyList<StoredChunk> chunks)
    {
        using var served = new ServedHash(blobs);
        foreach (var chunk in chunks)
        {
            served.Add(chunk, default);
        }

        using var reader = new ChunkReader(blobs, chunks);
        return Register(NarCheck.Read(reader, Stream.Null, blobs), served, chunks);
    }

    /// <summary>Stores chunks whose frames somebody else made, and returns how many were new.</summary>
    /// <exception cref="InvalidDataException">A frame does not hold what it should.</exception>
    public int StoreFrames(IEnumerable<ChunkFrame> uploaded)
    {
        using var frames = new ChunkFrames();
        using var writer = new ChunkWriter(blobs, index, frames);
        foreach (var (hash, frame, size) in uploaded)
        {
            if (ChunkFrames.HashOf(frames.Decompress(frame.Span, size).Span) != hash)
            {
                throw new InvalidDataException("a chunk does not have the hash that it was sent with");
            }

            if (writer.Find(hash) is null)
            {
                writer.AddFrame(hash, frame.Span, size);
            }
        }

        writer.Commit();
        index.AddChunks([.. writer.Written]);
        return writer.Written.Count;
    }

    private StoredNar Register(NarCheck check, ServedHash served, IReadOnlyList<StoredChunk> chunks)
    {
        var (hash, size) = served.Finish();
        var nar = index.AddNar(new StoredNar(0, check.NarHash, check.NarSize, hash, size, check.Listing), chunks);
        if (check.Listing is { } listing && nar.Listing != listing)
        {
            blobs.Remove(listing);
        }

        return nar;
    }

    /// <summary>The hash of the file that will be served: all frames one after the other.</summary>
    private sealed class ServedHash(IBlobs blobs) : IDisposable
    {
        private readonly HashStream _hash = new(HashAlgorithm.Sha256);
        private readonly FrameReader _reader = new(blobs);

        public void Add(StoredChunk chunk, ReadOnlySpan<byte> frame) => _hash.Append(frame.IsEmpty ? _reader.Read(chunk) : frame);

        public (Hash Hash, long Size) Finish()
        {
            var size = _hash.Count;
            return (_hash.Finish(), size);
        }

        public void Dispose()
        {
            _hash.Dispose();
            _reader.Dispose();
        }
    }
}

/// <summary>A chunk as a client sends it.</summary>
/// <param name="Hash">The SHA-256 of its plain bytes, in base 64.</param>
/// <param name="Frame">Its zstd frame.</param>
/// <param name="Size">How many bytes it is when decompressed.</param>
public readonly record struct ChunkFrame(string Hash, ReadOnlyMemory<byte> Frame, int Size);
