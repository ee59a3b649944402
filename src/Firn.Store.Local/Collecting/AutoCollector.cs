using Firn.Store.Collecting;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;

namespace Firn.Store.Local.Collecting;

/// <summary>Collects garbage when the disk gets full while objects are added (<c>min-free</c>, <c>max-free</c>).</summary>
internal sealed class AutoCollector(LocalStore store, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private Thread? _watch;
    private DateTimeOffset _lastLook = DateTimeOffset.MinValue;
    private long _freeAfterwards = long.MaxValue;

    /// <summary>Collects if there is too little space; who comes meanwhile waits, as all of them need the space.</summary>
    internal void CollectIfNeeded(CancellationToken cancellationToken)
    {
        var settings = store.Settings;
        if (settings.MinFree == 0)
        {
            return;
        }

        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now < _lastLook + settings.MinFreeCheckInterval)
            {
                return;
            }

            _lastLook = now;
            var free = FindFree();
            // Where the last collection could not get more, the next will not either.
            if (free >= settings.MinFree || free >= settings.MaxFree || free > _freeAfterwards * 0.97)
            {
                return;
            }

            var wanted = settings.MaxFree - free;
            store.Log.Write(Verbosity.Info, $"running auto-GC to free {wanted} bytes");
            try
            {
                GcRunner.Run(store, new GcAction.DeleteDead(wanted), cancellationToken);
                _freeAfterwards = FindFree();
            }
            catch (FirnException e)
            {
                store.Log.Write(Verbosity.Error, $"error (ignored): {e.Message}");
            }
        }
    }

    /// <summary>Looks at the space again and again until the store is closed: a build may fill the disk while nothing is added.</summary>
    internal void Watch()
    {
        if (store.Settings.MinFree == 0)
        {
            return;
        }

        lock (_end)
        {
            if (_watch is null)
            {
                _watch = new Thread(() =>
                {
                    do
                    {
                        try
                        {
                            CollectIfNeeded(_end.Token);
                        }
                        catch (OperationCanceledException)
                        {
                            return;
                        }
                    }
                    while (!_end.Token.WaitHandle.WaitOne(store.Settings.MinFreeCheckInterval + TimeSpan.FromMilliseconds(10)));
                })
                {
                    IsBackground = true,
                    Name = "auto-gc",
                };
                _watch.Start();
            }
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _watch?.Join();
        _end.Dispose();
    }

    private long FindFree() => store.Options.FreeSpaceFile is { } file
        ? long.Parse(System.Text.Encoding.ASCII.GetString(FileContent.ReadAll(file)).Trim(), System.Globalization.CultureInfo.InvariantCulture)
        : FileSystemSpace.Free(store.Layout.RealStoreDirectory);
}
