using Firn.Archive.Compression;

namespace Firn.Store.BinaryCache;

/// <summary>What is read of an archive; that it is damaged is said in the cache's words.</summary>
internal sealed class ArchiveBody(Stream inner, Func<InvalidDataException, StoreException> describe) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw describe(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return inner.Read(buffer, offset, count);
        }
        catch (InvalidDataException e)
        {
            throw describe(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
