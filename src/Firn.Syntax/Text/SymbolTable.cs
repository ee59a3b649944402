using System.Text;

namespace Firn.Syntax.Text;

/// <summary>Interns names, so that they compare by identity and index tables by small numbers.</summary>
/// <remarks>Safe to use from several threads: the parser may run ahead of the evaluator.</remarks>
public sealed class SymbolTable
{
    private readonly Lock _growing = new();
    private Entry?[] _buckets = new Entry?[1 << 15];
    private Symbol[] _byId = new Symbol[1 << 14];
    private int _count;

    /// <summary>How many names are known; ids run from 0 to one less.</summary>
    public int Count => _count;

    /// <summary>Returns the symbol with number <paramref name="id"/>.</summary>
    public Symbol this[int id] => _byId[id];

    /// <summary>Returns the one symbol for <paramref name="name"/>.</summary>
    public Symbol Intern(string name) => Intern(Encoding.UTF8.GetBytes(name));

    /// <summary>Returns the one symbol for <paramref name="name"/>.</summary>
    public Symbol Intern(ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        return Find(Volatile.Read(ref _buckets), hash, name) ?? Add(hash, name);
    }

    /// <summary>Returns the symbol for <paramref name="name"/> if the name was ever seen, else null.</summary>
    public Symbol? Find(ReadOnlySpan<byte> name) => Find(Volatile.Read(ref _buckets), Hash(name), name);

    private static Symbol? Find(Entry?[] buckets, int hash, ReadOnlySpan<byte> name)
    {
        for (var entry = buckets[hash & (buckets.Length - 1)]; entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && name.SequenceEqual(entry.Symbol.Bytes))
            {
                return entry.Symbol;
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

            var symbol = new Symbol(_count, name.ToArray());
            _byId[_count++] = symbol;
            ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
            Volatile.Write(ref bucket, new Entry(symbol, hash, bucket));
            return symbol;
        }
    }

    private Entry?[] Rehashed()
    {
        var larger = new Entry?[_buckets.Length * 4];
        foreach (var chain in _buckets)
        {
            for (var entry = chain; entry is not null; entry = entry.Next)
            {
                ref var bucket = ref larger[entry.Hash & (larger.Length - 1)];
                bucket = new Entry(entry.Symbol, entry.Hash, bucket);
            }
        }

        return larger;
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = 2166136261u;
        foreach (var b in name)
        {
            hash = (hash ^ b) * 16777619u;
        }

        return (int)(hash ^ (hash >> 15));
    }

    private sealed record Entry(Symbol Symbol, int Hash, Entry? Next);
}
