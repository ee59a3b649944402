using System.Runtime.CompilerServices;

namespace Firn.Model.Text.Regexes;

/// <summary>A set of byte values.</summary>
internal struct ByteSet : IEquatable<ByteSet>
{
    private Words _words;

    /// <summary>Every byte but NUL: what <c>.</c> matches.</summary>
    internal static ByteSet AnyButNul
    {
        get
        {
            var set = default(ByteSet);
            set.AddRange(1, 255);
            return set;
        }
    }

    internal readonly bool IsEmpty => (_words[0] | _words[1] | _words[2] | _words[3]) == 0;

    internal readonly bool Contains(int value) => (_words[value >> 6] >> (value & 63) & 1) != 0;

    internal void Add(int value) => _words[value >> 6] |= 1UL << (value & 63);

    internal void AddRange(int first, int last)
    {
        for (var value = first; value <= last; value++)
        {
            Add(value);
        }
    }

    internal void UnionWith(in ByteSet other)
    {
        for (var i = 0; i < 4; i++)
        {
            _words[i] |= other._words[i];
        }
    }

    internal void Complement()
    {
        for (var i = 0; i < 4; i++)
        {
            _words[i] = ~_words[i];
        }
    }

    internal readonly bool Overlaps(in ByteSet other) =>
        ((_words[0] & other._words[0]) | (_words[1] & other._words[1])
            | (_words[2] & other._words[2]) | (_words[3] & other._words[3])) != 0;

    internal readonly byte[] ToBytes()
    {
        var bytes = new List<byte>();
        for (var value = 0; value < 256; value++)
        {
            if (Contains(value))
            {
                bytes.Add((byte)value);
            }
        }

        return [.. bytes];
    }

    public readonly bool Equals(ByteSet other) =>
        _words[0] == other._words[0] && _words[1] == other._words[1]
        && _words[2] == other._words[2] && _words[3] == other._words[3];

    public override readonly bool Equals(object? obj) => obj is ByteSet other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_words[0], _words[1], _words[2], _words[3]);

    [InlineArray(4)]
    private struct Words
    {
        private ulong _first;
    }
}
