using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Store.Copying;

/// <summary>Hands out objects to threads that copy them, none before all that it refers to are copied.</summary>
internal sealed class CopyPlan
{
    private readonly Dictionary<StorePath, PathInfo> _infos;
    private readonly Dictionary<StorePath, int> _waitsFor = [];
    private readonly Dictionary<StorePath, List<StorePath>> _neededBy = [];

    // The largest goes first: begun last, it would still be on its way when all others had arrived.
    private readonly PriorityQueue<StorePath, long> _ready = new();
    private int _left;
    private Exception? _failure;

    /// <param name="order">The objects, each after those that it refers to.</param>
    /// <param name="find">What is known of each.</param>
    internal CopyPlan(IReadOnlyList<StorePath> order, Func<StorePath, PathInfo> find)
    {
        _infos = order.ToDictionary(p => p, find);
        _left = order.Count;
        foreach (var path in order)
        {
            var needed = _infos[path].OtherReferences.Where(_infos.ContainsKey).ToList();
            _waitsFor[path] = needed.Count;
            foreach (var reference in needed)
            {
                (_neededBy.TryGetValue(reference, out var waiting) ? waiting : _neededBy[reference] = []).Add(path);
            }

            if (needed.Count == 0)
            {
                _ready.Enqueue(path, -_infos[path].NarSize);
            }
        }
    }

    /// <summary>Copies all; after a failure no more are begun, and it is thrown when those that go on have ended.</summary>
    internal void Run(int atOnce, Action<PathInfo> copy, CancellationToken cancellationToken)
    {
        ParallelWork.ForEach([.. Enumerable.Range(0, Math.Min(atOnce, _left))], atOnce, _ =>
        {
            while (Take() is { } path)
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    copy(_infos[path]);
                    Done(path);
                }
                catch (Exception e)
                {
                    Fail(e);
                }
            }
        });
        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private StorePath? Take()
    {
        lock (_infos)
        {
            while (_ready.Count == 0 && _left > 0 && _failure is null)
            {
                Monitor.Wait(_infos);
            }

            return _failure is null && _ready.TryDequeue(out var path, out _) ? path : null;
        }
    }

    private void Done(StorePath path)
    {
        lock (_infos)
        {
            _left--;
            foreach (var waiting in _neededBy.GetValueOrDefault(path, []))
            {
                if (--_waitsFor[waiting] == 0)
                {
                    _ready.Enqueue(waiting, -_infos[waiting].NarSize);
                }
            }

            Monitor.PulseAll(_infos);
        }
    }

    private void Fail(Exception e)
    {
        lock (_infos)
        {
            _failure ??= e;
            Monitor.PulseAll(_infos);
        }
    }
}
