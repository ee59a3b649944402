using System.Collections.Concurrent;

namespace Firn.CacheServer.Http;

/// <summary>Remembers answers until they weigh too much together; then it forgets all and begins anew.</summary>
/// <remarks>Crude, but a look-up costs nothing beyond the dictionary, and what is asked for often is back at once.</remarks>
internal sealed class BoundedMemory<TKey, TValue>(long limit, Func<TValue, int> weigh)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new();
    private long _weight;
    private long _age;

    /// <summary>Changes whenever something was forgotten.</summary>
    public long Age => Interlocked.Read(ref _age);

    public TValue? Find(TKey key) => _entries.GetValueOrDefault(key);

    /// <summary>Remembers what was found out while <see cref="Age"/> was <paramref name="age"/>; older knowledge may be wrong by now.</summary>
    public void Remember(TKey key, TValue value, long age)
    {
        if (Interlocked.Add(ref _weight, weigh(value)) > limit)
        {
            Clear();
            return;
        }

        _entries[key] = value;
        if (Age != age)
        {
            _entries.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets one answer.</summary>
    public void Forget(TKey key)
    {
        Interlocked.Increment(ref _age);
        _entries.TryRemove(key, out _);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Interlocked.Increment(ref _age);
        _entries.Clear();
        Interlocked.Exchange(ref _weight, 0);
    }
}
