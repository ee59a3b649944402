using System.Security.Cryptography;

namespace Firn.Model.Hashing;

/// <summary>Hashes bytes as they come, and counts them; as a stream it swallows what is written.</summary>
public sealed class HashStream : Stream
{
    private readonly HashAlgorithm _algorithm;
    private readonly IncrementalHash? _hash;
    private readonly Blake3? _blake3;

    public HashStream(HashAlgorithm algorithm)
    {
        _algorithm = algorithm;
        if (algorithm == HashAlgorithm.Blake3)
        {
            _blake3 = new Blake3();
        }
        else
        {
            _hash = IncrementalHash.CreateHash(algorithm.ToFramework());
        }
    }

    /// <summary>How many bytes came so far.</summary>
    public long Count { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Count += bytes.Length;
        _hash?.AppendData(bytes);
        _blake3?.Append(bytes);
    }

    /// <summary>Returns the hash of all that came; nothing may follow.</summary>
    public Hash Finish()
    {
        Span<byte> digest = stackalloc byte[64];
        var size = _algorithm.Size();
        if (_hash is not null)
        {
            _hash.GetHashAndReset(digest);
        }
        else
        {
            _blake3!.Finish(digest[..size]);
        }

        return new Hash(_algorithm, digest[..size]);
    }

    public override void Write(byte[] buffer, int offset, int count) => Append(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => Append(buffer);

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }
}
