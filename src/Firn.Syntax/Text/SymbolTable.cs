using System.Buffers.Binary;
using System.Text;

namespace Firn.Syntax.Text;

/// <summary>Interns names, so that they compare by identity and index tables by small numbers.</summary>
/// <remarks>Safe to use from several threads: the parser may run ahead of the evaluator.</remarks>
public sealed class SymbolTable
{
    private const int MaxOnStack = 256;

    private readonly Lock _growing = new();
    private Symbol?[] _buckets = new Symbol?[1 << 15];
    private Symbol[] _byId = new Symbol[1 << 14];
    private int _count;

    /// <summary>How many names are known; ids run from 0 to one less.</summary>
    public int Count => _count;

    /// <summary>Returns the symbol with number <paramref name="id"/>.</summary>
    public Symbol this[int id] => _byId[id];

    /// <summary>Returns the one symbol for <paramref name="name"/>.</summary>
    public Symbol Intern(string name)
    {
        Span<byte> bytes = stackalloc byte[MaxOnStack];
        return Encoding.UTF8.TryGetBytes(name, bytes, out var length) ? Intern(bytes[..length]) : Intern(Encoding.UTF8.GetBytes(name));
    }

    /// <summary>Returns the one symbol for <paramref name="name"/>.</summary>
    public Symbol Intern(ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        return Find(Volatile.Read(ref _buckets), hash, name) ?? Add(hash, name);
    }

    /// <summary>Returns the symbol for <paramref name="name"/> if the name was ever seen, else null.</summary>
    public Symbol? Find(ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        if (Find(Volatile.Read(ref _buckets), hash, name) is { } symbol)
        {
            return symbol;
        }

        lock (_growing)
        {
            return Find(_buckets, hash, name);
        }
    }

    // While another thread lets the table grow, a chain may end early. Then the caller looks again under the lock.
    private static Symbol? Find(Symbol?[] buckets, int hash, ReadOnlySpan<byte> name)
    {
        for (var symbol = buckets[hash & (buckets.Length - 1)]; symbol is not null; symbol = symbol.Next)
        {
            if (symbol.Hash == hash && name.SequenceEqual(symbol.Bytes))
            {
                return symbol;
            }
        }

        return null;
    }

    private Symbol Add(int hash, ReadOnlySpan<byte> name)
    {
        lock (_growing)
        {
            if (Find(_buckets, hash, name) is { } known)
            {
                return known;
            }

            if (_count == _byId.Length)
            {
                Array.Resize(ref _byId, _count * 2);
            }

            if (_count > _buckets.Length)
            {
                Volatile.Write(ref _buckets, Rehashed());
            }

            ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
            var symbol = new Symbol(_count, name.ToArray(), hash, bucket);
            _byId[_count++] = symbol;
            Volatile.Write(ref bucket, symbol);
            return symbol;
        }
    }

    private Symbol?[] Rehashed()
    {
        var larger = new Symbol?[_buckets.Length * 4];
        for (var id = 0; id < _count; id++)
        {
            var symbol = _byId[id];
            ref var bucket = ref larger[symbol.Hash & (larger.Length - 1)];
            symbol.Next = bucket;
            bucket = symbol;
        }

        return larger;
    }

    // Eight bytes a step: a tenth of the parser's time went into a hash that took one.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        const ulong Factor = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)name.Length * Factor;
        while (name.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name)) * Factor;
            hash ^= hash >> 32;
            name = name[8..];
        }

        var rest = 0ul;
        if (name.Length >= 4)
        {
            rest = BinaryPrimitives.ReadUInt32LittleEndian(name)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32);
        }
        else if (name.Length > 0)
        {
            rest = name[0] | ((ulong)name[name.Length / 2] << 8) | ((ulong)name[^1] << 16);
        }

        hash = (hash ^ rest) * Factor;
        return (int)(hash ^ (hash >> 32));
    }
}
