using System.Numerics;
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

    internal void AddAll()
    {
        for (var i = 0; i < 4; i++)
        {
            _words[i] = ulong.MaxValue;
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

    internal readonly int Count => BitOperations.PopCount(_words[0]) + BitOperations.PopCount(_words[1])
        + BitOperations.PopCount(_words[2]) + BitOperations.PopCount(_words[3]);

    /// <summary>The least byte of the set; 256 if it is empty.</summary>
    internal readonly int First
    {
        get
        {
            var word = 0;
            while (word < 4 && _words[word] == 0)
            {
                word++;
            }

            return (64 * word) + (word < 4 ? BitOperations.TrailingZeroCount(_words[word]) : 0);
        }
    }

    internal readonly byte[] ToBytes()
    {
        var bytes = new byte[Count];
        var count = 0;
        for (var value = First; count < bytes.Length; value++)
        {
            if (Contains(value))
            {
                bytes[count++] = (byte)value;
            }
        }

        return bytes;
    }

    /// <summary>Adds <paramref name="mark"/> to the entries of the set's bytes in a table of 256.</summary>
    internal readonly void Mark(Span<byte> table, byte mark)
    {
        for (var word = 0; word < 4; word++)
        {
            for (var rest = _words[word]; rest != 0; rest &= rest - 1)
            {
                table[(64 * word) + BitOperations.TrailingZeroCount(rest)] |= mark;
            }
        }
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
