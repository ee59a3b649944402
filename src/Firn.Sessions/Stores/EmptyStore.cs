using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.PathInfos;

namespace Firn.Sessions.Stores;

/// <summary>A store with nothing in it, for evaluating without one: <c>dummy://</c>.</summary>
internal sealed class EmptyStore : IPathInfoSource, IReferrerSource
{
    public PathInfo? Find(StorePath path) => null;

    public bool IsValid(StorePath path) => false;

    public IEnumerable<StorePath> ListAll() => [];

    public StorePath? FindByDigest(string digest) => null;

    public IReadOnlyList<StorePath> FindReferrers(StorePath path) => [];
}
