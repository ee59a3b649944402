using ZstdSharp;

namespace Firn.Archive.Compression;

/// <summary>Decompresses zstd where libzstd is not installed, with its failures worded as those of the other methods.</summary>
internal sealed class ManagedZstdStream(Stream source, bool leaveOpen) : ReadOnlyStream
{
    private readonly DecompressionStream _inner = new(source, leaveOpen: leaveOpen);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _inner.Read(buffer);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"the zstd data is damaged or ends too early ({e.Message})", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }
}
