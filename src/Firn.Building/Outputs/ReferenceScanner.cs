using System.Buffers;
using System.Text;
using Firn.Model.StorePaths;

namespace Firn.Building.Outputs;

/// <summary>Finds which store paths the bytes written to it mention, by their digests.</summary>
public sealed class ReferenceScanner : WriteOnlyStream
{
    private const int Size = StorePath.DigestLength;

    private static readonly SearchValues<byte> _digits = SearchValues.Create("0123456789abcdfghijklmnpqrsvwxyz"u8);

    private readonly Dictionary<ulong, List<(byte[] Digest, StorePath Path)>> _wanted = [];
    private readonly SortedSet<StorePath> _found = [];
    private readonly byte[] _seam = new byte[2 * (Size - 1)];
    private int _tail;

    /// <summary>Looks for these paths and no others.</summary>
    public ReferenceScanner(IEnumerable<StorePath> candidates)
    {
        foreach (var path in candidates)
        {
            var digest = Encoding.ASCII.GetBytes(path.Digest);
            var key = BitConverter.ToUInt64(digest);
            if (!_wanted.TryGetValue(key, out var list))
            {
                _wanted[key] = list = [];
            }

            list.Add((digest, path));
        }
    }

    /// <summary>The paths found so far, sorted.</summary>
    public IReadOnlyCollection<StorePath> Found => _found;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_wanted.Count == 0)
        {
            return;
        }

        // A digest may lie across the seam of two writes.
        var head = Math.Min(Size - 1, buffer.Length);
        buffer[..head].CopyTo(_seam.AsSpan(_tail));
        Scan(_seam.AsSpan(0, _tail + head));
        Scan(buffer);
        if (buffer.Length >= Size - 1)
        {
            buffer[^(Size - 1)..].CopyTo(_seam);
            _tail = Size - 1;
        }
        else
        {
            var all = _tail + head;
            var keep = Math.Min(Size - 1, all);
            _seam.AsSpan(all - keep, keep).CopyTo(_seam);
            _tail = keep;
        }
    }

    private void Scan(ReadOnlySpan<byte> text)
    {
        while (text.Length >= Size)
        {
            // The last byte in the window that is no digit tells how far to go on: most windows have one.
            var window = text[..Size];
            var other = window.LastIndexOfAnyExcept(_digits);
            if (other >= 0)
            {
                text = text[(other + 1)..];
                continue;
            }

            if (_wanted.TryGetValue(BitConverter.ToUInt64(window), out var list))
            {
                foreach (var (digest, path) in list)
                {
                    if (window.SequenceEqual(digest))
                    {
                        _found.Add(path);
                    }
                }
            }

            text = text[1..];
        }
    }
}
