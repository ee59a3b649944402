using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.CacheServer.Pushing;

/// <summary>Hands out objects so that each comes after all that it refers to.</summary>
internal sealed class PushQueue
{
    private readonly object _lock = new();
    private readonly Dictionary<StorePath, int> _waitsFor = [];
    private readonly Dictionary<StorePath, List<PathInfo>> _waiting = [];
    private readonly Queue<PathInfo> _ready = new();
    private int _left;

    public PushQueue(IReadOnlyCollection<PathInfo> infos)
    {
        var all = infos.Select(i => i.Path).ToHashSet();
        _left = infos.Count;
        foreach (var info in infos)
        {
            var references = info.OtherReferences.Where(all.Contains).ToList();
            _waitsFor[info.Path] = references.Count;
            if (references.Count == 0)
            {
                _ready.Enqueue(info);
            }

            foreach (var reference in references)
            {
                if (!_waiting.TryGetValue(reference, out var list))
                {
                    _waiting.Add(reference, list = []);
                }

                list.Add(info);
            }
        }
    }

    /// <summary>The first failure, if there was one.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Returns the next object, when there is one that may be pushed; null at the end.</summary>
    public PathInfo? Take(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            while (_ready.Count == 0 && _left > 0 && !cancellationToken.IsCancellationRequested)
            {
                Monitor.Wait(_lock, 200);
            }

            return cancellationToken.IsCancellationRequested || _left == 0 ? null : _ready.Dequeue();
        }
    }

    /// <summary>Notes that an object was pushed, or why not; then what needs it is not pushed either.</summary>
    public void Done(PathInfo info, Exception? failure)
    {
        lock (_lock)
        {
            if (failure is null)
            {
                _left--;
                foreach (var next in _waiting.GetValueOrDefault(info.Path) ?? [])
                {
                    if (--_waitsFor[next.Path] == 0)
                    {
                        _ready.Enqueue(next);
                    }
                }
            }
            else
            {
                Failure ??= failure;
                Drop(info, []);
            }

            Monitor.PulseAll(_lock);
        }
    }

    private void Drop(PathInfo info, HashSet<StorePath> dropped)
    {
        if (_waitsFor.Remove(info.Path))
        {
            _left--;
            dropped.Add(info.Path);
            foreach (var next in _waiting.GetValueOrDefault(info.Path) ?? [])
            {
                Drop(next, dropped);
            }
        }
    }
}
