using Firn.CacheServer.Blobs;
using Firn.CacheServer.Metadata;

namespace Firn.CacheServer.Ingesting;

/// <summary>Stores chunks that are not there yet, one behind the other in one blob.</summary>
internal sealed class ChunkWriter(IBlobs blobs, IChunkIndex index, ChunkFrames frames) : IDisposable
{
    private readonly Dictionary<string, StoredChunk> _written = new(StringComparer.Ordinal);
    private IBlobWriter? _blob;

    /// <summary>The chunks that were not there.</summary>
    public IReadOnlyCollection<StoredChunk> Written => _written.Values;

    /// <summary>Finds a chunk that is stored, or is about to be.</summary>
    public StoredChunk? Find(string hash) => _written.GetValueOrDefault(hash) ?? index.FindChunk(hash);

    /// <summary>Stores a chunk, unless it is there.</summary>
    /// <param name="chunk">Its plain bytes.</param>
    /// <param name="frame">Its frame, when it cannot be read from its blob yet; good until the next call.</param>
    public StoredChunk Add(ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> frame)
    {
        var hash = ChunkFrames.HashOf(chunk);
        var found = Find(hash);
        if (found is { Id: not 0 })
        {
            frame = default;
            return found;
        }

        frame = frames.Compress(chunk).Span;
        return found ?? AddFrame(hash, frame, chunk.Length);
    }

    /// <summary>Stores a frame of which it is known what it holds.</summary>
    public StoredChunk AddFrame(string hash, ReadOnlySpan<byte> frame, int size)
    {
        _blob ??= blobs.Create();
        var chunk = new StoredChunk(0, hash, _blob.Name, _blob.Length, frame.Length, size);
        _blob.Write(frame);
        _written.Add(hash, chunk);
        return chunk;
    }

    /// <summary>Makes what was written durable; that it is there must still be made known.</summary>
    public void Commit() => _blob?.Commit();

    public void Dispose() => _blob?.Dispose();
}
