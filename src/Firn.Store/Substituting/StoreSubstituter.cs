using Firn.Model.ContentAddresses;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;

namespace Firn.Store.Substituting;

/// <summary>Any store, as one from which objects can be taken.</summary>
/// <param name="uri">How a person knows it.</param>
/// <param name="isTrusted">Whether its objects are taken without a signature.</param>
/// <param name="infos">What it knows.</param>
/// <param name="nars">Its content.</param>
/// <param name="realisations">What it knows of floating outputs; null when it knows nothing of them.</param>
/// <param name="directory">How paths are spelled there.</param>
/// <param name="own">How paths are spelled in the store that takes.</param>
public sealed class StoreSubstituter(
    string uri, bool isTrusted, IPathInfoSource infos, INarSource nars, IRealisations? realisations, StoreDirectory directory, StoreDirectory own)
    : ISubstituter
{
    public string Uri { get; } = uri;

    public bool IsTrusted { get; } = isTrusted;

    public SubstitutableObject? Find(StorePath path, ContentAddress? address)
    {
        // In a store of another directory content has another path, and what refers to other objects is of no use here.
        var there = directory == own ? path : address is null ? null : directory.MakeContentAddressed(path.Name, address, []);
        return there is not null && infos.Find(there) is { } info && (directory == own || info.References.IsEmpty)
            ? new SubstitutableObject(info with { Path = path, IsUltimate = false, RegistrationTime = 0 }, there, info.NarSize)
            : null;
    }

    public Realisation? FindRealisation(DrvOutput output) => realisations?.Find(output);

    public void WriteNar(StorePath path, Stream output) => nars.WriteNar(path, output);
}
