using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>What is in an archive: <c>tarball+https://…</c>, or a URL that is called like an archive.</summary>
public sealed class TarballScheme : IInputScheme
{
    public string Name => "tarball";

    public string? Feature => null;

    public IReadOnlySet<string> Attributes => DownloadUrl.Attributes;

    public InputAttributes? FromUrl(Url url, bool wantsTree) =>
        DownloadUrl.IsFor(url, Name, wantsTree || DownloadUrl.IsArchive(url)) ? DownloadUrl.ToInput(url, Name) : null;

    public InputAttributes Check(InputAttributes input) => input;

    public Url ToUrl(InputAttributes input) => DownloadUrl.FromInput(input);

    public bool IsLocked(InputAttributes input) => input.NarHash is not null;
}
