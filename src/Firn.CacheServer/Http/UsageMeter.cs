using System.Collections.Concurrent;
using Firn.CacheServer.Metadata;

namespace Firn.CacheServer.Http;

/// <summary>Counts how one cache is used, until somebody writes it down.</summary>
internal sealed class UsageMeter
{
    private ConcurrentDictionary<string, byte> _digests = new(StringComparer.Ordinal);
    private long _hits;
    private long _misses;
    private long _sent;

    public void Hit(string digest)
    {
        Interlocked.Increment(ref _hits);
        _digests.TryAdd(digest, 0);
    }

    public void Miss() => Interlocked.Increment(ref _misses);

    public void Sent(IReadOnlyList<string> digests, long bytes)
    {
        Interlocked.Add(ref _sent, bytes);
        foreach (var digest in digests)
        {
            _digests.TryAdd(digest, 0);
        }
    }

    /// <summary>Returns what was counted since the last call, or null when nothing was.</summary>
    public (CacheUse Use, IReadOnlyCollection<string> Digests)? Take()
    {
        var use = new CacheUse(Interlocked.Exchange(ref _hits, 0), Interlocked.Exchange(ref _misses, 0), Interlocked.Exchange(ref _sent, 0));
        if (use == default && _digests.IsEmpty)
        {
            return null;
        }

        var digests = Interlocked.Exchange(ref _digests, new ConcurrentDictionary<string, byte>(StringComparer.Ordinal));
        return (use, [.. digests.Keys]);
    }
}
