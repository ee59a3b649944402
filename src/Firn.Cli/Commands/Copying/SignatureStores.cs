using Firn.Cli.Parsing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands.Copying;

/// <summary>The option <c>-s</c>, which names stores whose signatures count, and what these stores have.</summary>
internal sealed class SignatureStores : IDisposable
{
    private readonly List<string> _uris = [];
    private List<OpenStore> _stores = [];

    /// <summary>Whether none is named.</summary>
    public bool IsEmpty => _uris.Count == 0;

    public void Declare(Grammar grammar, string description) => grammar.Value("substituter", "store-uri", description, _uris.Add, 's');

    /// <summary>Opens the stores, and tells those far away what they will be asked for.</summary>
    public void Open(Session session, IReadOnlyCollection<StorePath> paths)
    {
        _stores = [.. _uris.Select(session.OpenStore)];
        _stores.ForEach(s => (s.Infos as IPathInfoPrefetch)?.Prefetch(paths));
    }

    /// <summary>Returns what the stores have of the same object; something else that goes by the same name does not count.</summary>
    public IEnumerable<PathInfo> Find(PathInfo info) => _stores.Select(s => s.Infos.Find(info.Path)).OfType<PathInfo>()
        .Where(i => i.NarHash.Equals(info.NarHash) && i.NarSize == info.NarSize && i.References.SequenceEqual(info.References));

    public void Dispose() => _stores.ForEach(s => s.Dispose());
}
