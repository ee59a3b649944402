using Firn.Model.PathInfos;

namespace Firn.Store.Nars;

/// <summary>Takes many objects in one go, which spares a far store the way there and back for each.</summary>
public interface IManyNarSink
{
    /// <summary>Adds objects, each after those that it refers to.</summary>
    void AddMany(IReadOnlyCollection<(PathInfo Info, Action<Stream> WriteNar)> objects, NarImport import);
}
