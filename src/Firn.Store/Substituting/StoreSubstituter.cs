using Firn.Model.ContentAddresses;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.PathInfos;

namespace Firn.Store.Substituting;

/// <summary>Any store, as one from which objects can be taken.</summary>
/// <param name="uri">How a person knows it.</param>
/// <param name="isTrusted">Whether its objects are taken without a signature.</param>
/// <param name="store">What it can do.</param>
/// <param name="own">How paths are spelled in the store that takes.</param>
public sealed class StoreSubstituter(string uri, bool isTrusted, StoreParts store, StoreDirectory own) : ISubstituter
{
    public string Uri { get; } = uri;

    public bool IsTrusted { get; } = isTrusted;

    public bool WantsMassQuery { get; init; }

    /// <summary>Tells how many bytes come over the wire, where that is known.</summary>
    public Func<StorePath, long> DownloadSize { get; init; } = _ => 0;

    public SubstitutableObject? Find(StorePath path, ContentAddress? address) => UnlessUnreachable(() =>
    {
        // In a store of another directory content has another path, and what refers to other objects is of no use here.
        var there = store.Directory == own ? path : address is null ? null : store.Directory.MakeContentAddressed(path.Name, address, []);
        return there is not null && store.Infos.Find(there) is { } info && (store.Directory == own || info.References.IsEmpty)
            ? new SubstitutableObject(info with { Path = path, IsUltimate = false, RegistrationTime = 0 }, there, DownloadSize(there))
            : null;
    });

    public void Prefetch(IReadOnlyCollection<StorePath> paths)
    {
        if (store.Directory == own && store.Infos is IPathInfoPrefetch far)
        {
            far.Prefetch(paths);
        }
    }

    public Realisation? FindRealisation(DrvOutput output) => store.HasRealisations ? UnlessUnreachable(() => store.Realisations.Find(output)) : null;

    public Stream? FindLog(StorePath path) => store.HasLogs ? UnlessUnreachable(() => store.Logs.FindLog(path)) : null;

    public void WriteNar(StorePath path, Stream output) => store.Nars.WriteNar(path, output);

    public Stream OpenNar(StorePath path) => store.Nars.OpenNar(path);

    // That it does not answer was told when it was found out; it has nothing for now.
    private static T? UnlessUnreachable<T>(Func<T?> ask)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (StoreException e) when (e.Kind == StoreErrors.Unreachable)
        {
            return null;
        }
    }
}
