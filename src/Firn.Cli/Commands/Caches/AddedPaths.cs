using Firn.Model.StorePaths;
using Firn.Sessions.Stores;

namespace Firn.Cli.Commands.Caches;

/// <summary>Says which objects came into a store since this was last asked.</summary>
internal sealed class AddedPaths
{
    private readonly OpenStore _store;
    private HashSet<StorePath> _known = [];
    private long _lastRow;

    public AddedPaths(OpenStore store)
    {
        _store = store;
        (_, _lastRow) = store.Local?.ListAddedAfter(long.MaxValue) ?? default;
        _known = store.Local is null ? [.. store.Infos.ListAll()] : [];
    }

    /// <summary>How long to wait between two questions: one store knows what is new, another has to list all that it has.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(_store.Local is null ? 5 : 1);

    public IReadOnlyList<StorePath> Take()
    {
        if (_store.Local is { } local)
        {
            (var added, _lastRow) = local.ListAddedAfter(_lastRow);
            return added;
        }

        var now = _store.Infos.ListAll().ToHashSet();
        var before = _known;
        _known = now;
        return [.. now.Where(p => !before.Contains(p))];
    }
}
