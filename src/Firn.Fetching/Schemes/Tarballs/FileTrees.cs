using Firn.Fetching.Inputs;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>Takes files by their URLs.</summary>
public sealed class FileTrees(FileDownloads downloads, FetchStore store) : ITreeSource
{
    public TreeOffer Offer(InputAttributes input)
    {
        var file = downloads.Get(input.GetText("url"), input.Name, []);
        var hash = store.Infos.Find(file.Path)!.NarHash;
        return new TreeOffer(input.With("narHash", hash.ToString(HashFormat.Sri)), null, name => Copy(file.Path, name, hash));
    }

    private StorePath Copy(StorePath file, string name, Hash narHash)
    {
        var address = new Model.ContentAddresses.ContentAddress(Model.ContentAddresses.ContentAddressMethod.NixArchive, narHash);
        var wanted = store.Directory.MakeContentAddressed(name, address, []);
        return store.Infos.IsValid(wanted)
            ? wanted
            : store.Contents.AddFromDisk(name, store.RealPath(file), Firn.Store.Contents.ContentOptions.Default);
    }
}
