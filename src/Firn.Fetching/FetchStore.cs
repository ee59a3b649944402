using Firn.Model.StorePaths;
using Firn.Store.Contents;
using Firn.Store.PathInfos;
using Firn.Store.Roots;

namespace Firn.Fetching;

/// <summary>The store that fetched trees go to, as far as fetching needs it.</summary>
/// <param name="Directory">How its paths are spelled.</param>
/// <param name="RealPath">Where an object is on this disk.</param>
/// <param name="Infos">Which objects are valid.</param>
/// <param name="Contents">Takes what was fetched.</param>
/// <param name="Roots">Keeps it while this process runs.</param>
public sealed record FetchStore(
    StoreDirectory Directory, Func<StorePath, string> RealPath, IPathInfoSource Infos, IContentSink Contents, ITemporaryRoots Roots);
