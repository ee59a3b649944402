using System.Buffers.Binary;
using System.Text;
using Firn.Model.StorePaths;

namespace Firn.Store.References;

/// <summary>Finds which of some store paths' digests appear in the bytes written to it.</summary>
/// <remarks>Looks at about every 20th byte of ordinary content: a window with a character that is no base-32 digit
/// is skipped up to behind that character.</remarks>
public sealed class ReferenceScanner : Stream
{
    private const int Digits = StorePath.DigestLength;

    private static readonly bool[] _isDigit = MakeDigits();

    private readonly Dictionary<ulong, List<(byte[] Digest, StorePath Path)>> _wanted = [];
    private readonly SortedSet<StorePath> _found = [];
    // The end of what came before, in which a digest may start.
    private readonly byte[] _tail = new byte[2 * Digits];
    private int _tailLength;

    public ReferenceScanner(IEnumerable<StorePath> wanted)
    {
        foreach (var path in wanted)
        {
            var digest = Encoding.ASCII.GetBytes(path.Digest);
            var key = BinaryPrimitives.ReadUInt64LittleEndian(digest);
            if (!_wanted.TryGetValue(key, out var list))
            {
                _wanted[key] = list = [];
            }

            list.Add((digest, path));
        }
    }

    /// <summary>The paths whose digests appeared, sorted.</summary>
    public IReadOnlyCollection<StorePath> Found => _found;

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
        if (_tailLength > 0)
        {
            var head = Math.Min(buffer.Length, Digits - 1);
            buffer[..head].CopyTo(_tail.AsSpan(_tailLength));
            Search(_tail.AsSpan(0, _tailLength + head));
        }

        Search(buffer);
        if (buffer.Length >= Digits - 1)
        {
            buffer[^(Digits - 1)..].CopyTo(_tail);
            _tailLength = Digits - 1;
        }
        else
        {
            // The buffer's bytes may be in the tail already, behind what was there.
            buffer.CopyTo(_tail.AsSpan(_tailLength));
            var total = _tailLength + buffer.Length;
            var kept = Math.Min(total, Digits - 1);
            _tail.AsSpan(total - kept, kept).CopyTo(_tail);
            _tailLength = kept;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static bool[] MakeDigits()
    {
        var digits = new bool[256];
        foreach (var c in "0123456789abcdfghijklmnpqrsvwxyz")
        {
            digits[c] = true;
        }

        return digits;
    }

    private void Search(ReadOnlySpan<byte> text)
    {
        var digits = _isDigit;
        var at = 0;
        // Everything before this place in the window is known to be digits.
        var checkedTo = 0;
        while (at + Digits <= text.Length)
        {
            var last = at + Digits - 1;
            var j = last;
            while (j >= checkedTo && digits[text[j]])
            {
                j--;
            }

            if (j >= checkedTo)
            {
                (at, checkedTo) = (j + 1, last + 1);
                continue;
            }

            Match(text.Slice(at, Digits));
            at++;
            checkedTo = last + 1;
        }
    }

    private void Match(ReadOnlySpan<byte> window)
    {
        if (_wanted.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(window), out var candidates))
        {
            foreach (var (digest, path) in candidates)
            {
                if (window.SequenceEqual(digest))
                {
                    _found.Add(path);
                }
            }
        }
    }
}
