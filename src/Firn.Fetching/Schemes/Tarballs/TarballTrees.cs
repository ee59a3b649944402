using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>Takes what is in archives.</summary>
public sealed class TarballTrees(TarballDownloads downloads) : ITreeSource
{
    public TreeOffer Offer(InputAttributes input)
    {
        var tree = downloads.Get(input.GetText("url"), input.Name, []);
        var result = input;
        if (tree.ImmutableUrl is { } url)
        {
            result = new TarballScheme().FromUrl(Url.Parse(url), wantsTree: true)
                ?? throw new FetchException(FetchErrors.BadUrl, "tarball 'Link' headers that redirect to non-tarball URLs are not supported");
        }

        result = tree.LastModified > 0 && !result.Has("lastModified") ? result.With("lastModified", tree.LastModified) : result;
        return new TreeOffer(result, null, name => name == tree.Path.Name ? tree.Path : downloads.Get(input.GetText("url"), name, []).Path);
    }
}
