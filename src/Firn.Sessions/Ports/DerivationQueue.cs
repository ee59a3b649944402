using System.Runtime.ExceptionServices;
using Firn.Model.Derivations;
using Firn.Sessions.Stores;

namespace Firn.Sessions.Ports;

/// <summary>Writes derivations many at a time, on a thread of its own while evaluation goes on.</summary>
/// <remarks>What fails there is told to whoever adds or flushes next.</remarks>
internal sealed class DerivationQueue(Lazy<OpenStore>? store)
{
    // So many are worth a transaction, when nothing else is being written.
    private const int SmallBatch = 64;

    // More are kept in memory only until what is being written is written.
    private const int LargeBatch = 512;

    private static readonly TimeSpan _idleTime = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private List<DerivationFile> _pending = [];
    private List<DerivationFile>? _batch;
    private ExceptionDispatchInfo? _failure;
    private bool _hasWriter;

    public void Add(DerivationFile file)
    {
        _pending.Add(file);
        if (_pending.Count >= LargeBatch || (_pending.Count >= SmallBatch && Volatile.Read(ref _batch) is null))
        {
            // Opened here, where it may ask and tell.
            _ = store!.Value;
            HandOver();
        }
    }

    /// <summary>Returns when all is written.</summary>
    public void Flush()
    {
        Settle();
        ThrowFailure();
        if (_pending.Count > 0)
        {
            var batch = _pending;
            _pending = [];
            store!.Value.DerivationSink.AddDerivations(batch, repair: false);
        }
    }

    /// <summary>Returns when nothing is being written any more, however that went.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            while (_batch is not null)
            {
                Monitor.Wait(_lock);
            }
        }
    }

    private void HandOver()
    {
        Settle();
        ThrowFailure();
        lock (_lock)
        {
            _batch = _pending;
            _pending = [];
            Monitor.PulseAll(_lock);
            if (_hasWriter)
            {
                return;
            }

            _hasWriter = true;
        }

        // One for all batches: starting a thread waits until it runs, which on a busy machine takes a while.
        new Thread(Write) { IsBackground = true, Name = "derivations" }.Start();
    }

    private void Write()
    {
        while (true)
        {
            List<DerivationFile> batch;
            lock (_lock)
            {
                while (_batch is null)
                {
                    if (!Monitor.Wait(_lock, _idleTime))
                    {
                        _hasWriter = _batch is not null;
                        if (!_hasWriter)
                        {
                            return;
                        }
                    }
                }

                batch = _batch;
            }

            try
            {
                store!.Value.DerivationSink.AddDerivations(batch, repair: false);
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            lock (_lock)
            {
                _batch = null;
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void ThrowFailure()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }
}
