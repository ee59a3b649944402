using System.Globalization;

namespace Firn.Fetching.Inputs;

/// <summary>What the language's fetch functions tell about a tree, beside its path.</summary>
public static class TreeAttributes
{
    private const int ShortRevision = 7;
    private const int ShortMercurialRevision = 12;
    private const string NoRevision = "0000000000000000000000000000000000000000";

    /// <summary>Returns the attributes of the set that <c>fetchMercurial</c> gives.</summary>
    public static InputAttributes DescribeMercurial(InputAttributes tree)
    {
        var revision = tree.Revision ?? NoRevision;
        var result = InputAttributes.Empty.With("branch", tree.GetText("ref")).With("rev", revision).With("shortRev", revision[..ShortMercurialRevision]);
        return tree.FindInteger("revCount") is { } count ? result.With("revCount", count) : result;
    }

    /// <summary>Returns the attributes of the set that <c>fetchTree</c> and <c>fetchGit</c> give.</summary>
    /// <param name="tree">What was fetched.</param>
    /// <param name="namesMissingRevision">Whether a tree without a revision gets one of zeros, as from <c>fetchGit</c>.</param>
    public static InputAttributes Describe(InputAttributes tree, bool namesMissingRevision)
    {
        var result = InputAttributes.Empty;
        result = tree.FindText("narHash") is { } hash ? result.With("narHash", hash) : result;
        result = tree.Type == "git" ? result.With("submodules", tree.FindFlag("submodules") ?? false) : result;
        if ((tree.FindRevision()?.Digest(Model.Hashing.HashFormat.Base16) ?? (namesMissingRevision ? NoRevision : null)) is { } revision)
        {
            result = result.With("rev", revision).With("shortRev", revision[..ShortRevision]);
        }

        if ((tree.FindInteger("revCount") ?? (namesMissingRevision ? 0ul : null)) is { } count)
        {
            result = result.With("revCount", count);
        }

        if (tree.FindText("dirtyRev") is { } dirty)
        {
            result = result.With("dirtyRev", dirty).With("dirtyShortRev", tree.GetText("dirtyShortRev"));
        }

        return tree.FindInteger("lastModified") is { } time
            ? result.With("lastModified", time).With("lastModifiedDate",
                DateTimeOffset.FromUnixTimeSeconds((long)time).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture))
            : result;
    }
}
