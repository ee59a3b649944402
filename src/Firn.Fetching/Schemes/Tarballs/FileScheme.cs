using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>Takes one file by its URL as it is: <c>file+https://…</c>, or a URL that is not called like an archive.</summary>
public sealed class FileScheme(FileDownloads downloads, FetchStore store) : IInputScheme
{
    public string Name => "file";

    public string? Feature => null;

    public IReadOnlySet<string> Attributes => DownloadUrl.Attributes;

    public InputAttributes? FromUrl(Url url, bool wantsTree) =>
        DownloadUrl.IsFor(url, Name, !wantsTree && !DownloadUrl.IsArchive(url)) ? DownloadUrl.ToInput(url, Name) : null;

    public InputAttributes Check(InputAttributes input) => input;

    public Url ToUrl(InputAttributes input) => DownloadUrl.FromInput(input);

    public bool IsLocked(InputAttributes input) => input.NarHash is not null;

    public TreeOffer Offer(InputAttributes input)
    {
        var file = downloads.Get(input.GetText("url"), input.Name);
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
