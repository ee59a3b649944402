using ZstdSharp;

namespace Firn.Archive.Compression;

/// <summary>Reads through a decompressor of the platform's or a package's, with its failures worded as those of the other methods.</summary>
internal sealed class ManagedDecoder(Stream inner, string name) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException or InvalidOperationException)
        {
            throw new InvalidDataException($"the {name} data is damaged or ends too early ({e.Message})", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
