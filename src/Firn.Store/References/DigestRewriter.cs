using System.Text;

namespace Firn.Store.References;

/// <summary>Passes bytes on with some digests replaced by others of the same length.</summary>
public sealed class DigestRewriter : Stream
{
    private readonly Stream _output;
    private readonly List<(byte[] From, byte[] To)> _rewrites;
    private readonly int _longest;
    private readonly MemoryStream _pending = new();

    /// <summary>Writes to <paramref name="output"/>, which stays open; call <see cref="Finish"/> at the end.</summary>
    public DigestRewriter(IEnumerable<KeyValuePair<string, string>> rewrites, Stream output)
        : this(rewrites.Select(r => (Encoding.UTF8.GetBytes(r.Key), Encoding.UTF8.GetBytes(r.Value))), output)
    {
    }

    internal DigestRewriter(IEnumerable<(byte[] From, byte[] To)> rewrites, Stream output)
    {
        _output = output;
        _rewrites = [.. rewrites.Where(r => !r.From.AsSpan().SequenceEqual(r.To))];
        foreach (var (from, to) in _rewrites)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(to.Length, from.Length);
            _longest = Math.Max(_longest, from.Length);
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_longest == 0)
        {
            _output.Write(buffer);
            return;
        }

        // A digest may start in the last bytes of one piece and end in the next.
        _pending.Write(buffer);
        var bytes = _pending.GetBuffer().AsSpan(0, (int)_pending.Length);
        Rewrite(bytes);
        var done = Math.Max(0, bytes.Length - _longest + 1);
        _output.Write(bytes[..done]);
        bytes[done..].CopyTo(bytes);
        _pending.SetLength(bytes.Length - done);
        _pending.Position = _pending.Length;
    }

    /// <summary>Passes on what was held back.</summary>
    public void Finish()
    {
        _output.Write(_pending.GetBuffer().AsSpan(0, (int)_pending.Length));
        _pending.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Rewrite(Span<byte> bytes)
    {
        foreach (var (from, to) in _rewrites)
        {
            for (var rest = bytes; rest.IndexOf(from) is >= 0 and var at; rest = rest[(at + from.Length)..])
            {
                to.CopyTo(rest[at..]);
            }
        }
    }
}
