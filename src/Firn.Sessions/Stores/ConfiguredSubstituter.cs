using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Substituting;

namespace Firn.Sessions.Stores;

/// <summary>A substituter that the settings name: opened when it is first asked; while it cannot be opened it has nothing.</summary>
internal sealed class ConfiguredSubstituter(string uri, bool isTrusted, Func<OpenStore> open, StoreDirectory own, TimeProvider time, Action<string> warn)
    : ISubstituter
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _next;
    private ISubstituter? _store;

    public string Uri { get; } = uri;

    public bool IsTrusted => isTrusted;

    public bool WantsMassQuery => Opened()?.WantsMassQuery ?? false;

    /// <summary>Those with lower numbers are asked first.</summary>
    public int Priority { get; private set; } = int.MaxValue;

    public SubstitutableObject? Find(StorePath path, ContentAddress? address) => Opened()?.Find(path, address);

    public void Prefetch(IReadOnlyCollection<StorePath> paths) => Opened()?.Prefetch(paths);

    public Realisation? FindRealisation(DrvOutput output) => Opened()?.FindRealisation(output);

    public Stream? FindLog(StorePath path) => Opened()?.FindLog(path);

    public void WriteNar(StorePath path, Stream output) => GetOpened().WriteNar(path, output);

    public Stream OpenNar(StorePath path) => GetOpened().OpenNar(path);

    /// <summary>Opens it, if that was not tried a moment ago.</summary>
    public ISubstituter? Opened()
    {
        lock (_lock)
        {
            if (_store is not null || time.GetUtcNow() < _next)
            {
                return _store;
            }

            try
            {
                var store = open();
                Priority = store.Priority;
                _store = new StoreSubstituter(Uri, isTrusted, store, own)
                {
                    WantsMassQuery = store.WantsMassQuery,
                    DownloadSize = store.DownloadSize,
                };
            }
            catch (FirnException e)
            {
                _next = time.GetUtcNow() + _pause;
                // Its own failure was told with how long it is left alone.
                if (e.Kind != StoreErrors.Unreachable)
                {
                    warn(string.Join(". ", [$"substituter '{Uri}' cannot be used: {e.Message}", .. e.Diagnostic.Hints]));
                }
            }

            return _store;
        }
    }

    private ISubstituter GetOpened() =>
        Opened() ?? throw new StoreException(StoreErrors.Unreachable, $"substituter '{Uri}' cannot be opened");
}
