using Firn.Model.Diagnostics;
using Firn.Transfers;

namespace Firn.Store.BinaryCache.Http;

/// <summary>Remembers that a cache does not answer, so that it costs time once and not for every object.</summary>
/// <remarks>For one of several caches only: who wants something of this very cache would rather wait than hear that it is left alone.</remarks>
internal sealed class CacheHealth(string uri, TimeProvider time, IMessageLog log)
{
    private static readonly TimeSpan _first = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _until;
    private TimeSpan _last;

    /// <exception cref="StoreException">The cache is left alone for now.</exception>
    internal void Check()
    {
        lock (_lock)
        {
            if (time.GetUtcNow() < _until)
            {
                throw new StoreException(StoreErrors.Unreachable, $"binary cache '{uri}' is left alone, since it did not answer before");
            }
        }
    }

    /// <summary>Notes that it does not do what it should.</summary>
    internal StoreException Failed(TransferException e)
    {
        lock (_lock)
        {
            // Many ask at once, and one failure counts once.
            if (time.GetUtcNow() >= _until)
            {
                _last = _last == default ? _first : _last * 2 < _longest ? _last * 2 : _longest;
                _until = time.GetUtcNow() + _last;
                log.Write(Verbosity.Warning, $"{e.Message}; binary cache '{uri}' is left alone for {_last.TotalSeconds:0} seconds");
            }
        }

        return new StoreException(StoreErrors.Unreachable, e.Message, e);
    }

    internal void Succeeded()
    {
        lock (_lock)
        {
            _last = default;
        }
    }
}
