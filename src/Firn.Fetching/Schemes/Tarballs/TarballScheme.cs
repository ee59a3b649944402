using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>Takes what is in an archive: <c>tarball+https://…</c>, or a URL that is called like an archive.</summary>
public sealed class TarballScheme(TarballDownloads downloads) : IInputScheme
{
    public string Name => "tarball";

    public string? Feature => null;

    public IReadOnlySet<string> Attributes => DownloadUrl.Attributes;

    public InputAttributes? FromUrl(Url url, bool wantsTree) =>
        DownloadUrl.IsFor(url, Name, wantsTree || DownloadUrl.IsArchive(url)) ? DownloadUrl.ToInput(url, Name) : null;

    public InputAttributes Check(InputAttributes input) => input;

    public Url ToUrl(InputAttributes input) => DownloadUrl.FromInput(input);

    public bool IsLocked(InputAttributes input) => input.NarHash is not null;

    public TreeOffer Offer(InputAttributes input)
    {
        var tree = downloads.Get(input.GetText("url"), input.Name);
        var result = input;
        if (tree.ImmutableUrl is { } url)
        {
            result = FromUrl(Url.Parse(url), wantsTree: true)
                ?? throw new FetchException(FetchErrors.BadUrl, "tarball 'Link' headers that redirect to non-tarball URLs are not supported");
        }

        result = tree.LastModified > 0 && !result.Has("lastModified") ? result.With("lastModified", tree.LastModified) : result;
        return new TreeOffer(result, null, name => name == tree.Path.Name ? tree.Path : downloads.Get(input.GetText("url"), name).Path);
    }
}
