using Firn.CacheServer.Blobs;

namespace Firn.CacheServer.Http;

/// <summary>Keeps the blobs open that were asked for last: opening and closing a file costs as much as sending a small one.</summary>
internal sealed class OpenBlobs(IBlobs blobs, int limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>Lends one that is open, or returns null.</summary>
    public Loan? FindOpen(string name)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(name, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return Lend(node.Value);
        }
    }

    /// <summary>Lends one, which is opened if it is not; null when it is not there.</summary>
    public Loan? Find(string name)
    {
        if (FindOpen(name) is { } known)
        {
            return known;
        }

        if (blobs.Open(name) is not { } opened)
        {
            return null;
        }

        lock (_lock)
        {
            if (_byName.TryGetValue(name, out var other))
            {
                // Somebody opened it meanwhile.
                opened.Dispose();
                return Lend(other.Value);
            }

            var entry = new Entry(name, opened);
            _byName.Add(name, _byUse.AddFirst(entry));
            while (_byUse.Count > limit)
            {
                Drop(_byUse.Last!.Value);
            }

            return Lend(entry);
        }
    }

    /// <summary>Closes all that nobody uses, and the others when they are given back: what was removed gives its room on the disk back.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            while (_byUse.First is { } node)
            {
                Drop(node.Value);
            }
        }
    }

    private Loan Lend(Entry entry)
    {
        entry.Users++;
        return new Loan(entry.Blob, () => GiveBack(entry));
    }

    private void GiveBack(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            CloseIfUnused(entry);
        }
    }

    private void Drop(Entry entry)
    {
        _byUse.Remove(_byName[entry.Name]);
        _byName.Remove(entry.Name);
        entry.IsDropped = true;
        CloseIfUnused(entry);
    }

    private static void CloseIfUnused(Entry entry)
    {
        if (entry is { IsDropped: true, Users: 0 })
        {
            entry.Blob.Dispose();
        }
    }

    /// <summary>A blob for as long as it is not disposed.</summary>
    internal sealed class Loan(IBlob blob, Action giveBack) : IDisposable
    {
        private bool _isOver;

        public IBlob Blob => blob;

        public void Dispose()
        {
            if (!_isOver)
            {
                _isOver = true;
                giveBack();
            }
        }
    }

    private sealed class Entry(string name, IBlob blob)
    {
        public string Name => name;

        public IBlob Blob => blob;

        public int Users { get; set; }

        public bool IsDropped { get; set; }
    }
}
