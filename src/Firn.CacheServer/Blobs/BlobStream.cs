using Firn.Archive.Compression;

namespace Firn.CacheServer.Blobs;

/// <summary>Reads a blob from start to end.</summary>
internal sealed class BlobStream(IBlob blob) : ReadOnlyStream
{
    private long _at;

    public override int Read(Span<byte> buffer)
    {
        var count = blob.Read(buffer, _at);
        _at += count;
        return count;
    }
}
