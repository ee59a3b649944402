using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Takes commits and work trees of Git repositories: <c>git+file:/some/where?ref=main</c>.</summary>
public sealed class GitScheme : IInputScheme
{
    internal const string NoRevision = "0000000000000000000000000000000000000000";

    private static readonly HashSet<string> _texts = ["rev", "ref", "keytype", "publicKey", "publicKeys"];
    private static readonly HashSet<string> _flags = ["shallow", "submodules", "lfs", "exportIgnore", "allRefs", "verifyCommit"];

    public string Name => "git";

    public string? Feature => null;

    public IReadOnlySet<string> Attributes { get; } = new HashSet<string>
    {
        "url", "ref", "rev", "shallow", "submodules", "lfs", "exportIgnore", "lastModified", "revCount", "narHash", "allRefs", "name",
        "dirtyRev", "dirtyShortRev", "verifyCommit", "keytype", "publicKey", "publicKeys",
    };

    public InputAttributes? FromUrl(Url url, bool wantsTree)
    {
        if (url.Scheme != Name && url.Application != Name)
        {
            return null;
        }

        var input = InputAttributes.Empty.With("type", Name);
        foreach (var (name, value) in url.Query)
        {
            input = _texts.Contains(name) ? input.With(name, value)
                : _flags.Contains(name) ? input.With(name, value == "1")
                : input;
        }

        var place = url with { Query = url.Query.RemoveRange(_texts.Concat(_flags)) };
        return Check(input.With("url", place.ToString()));
    }

    public InputAttributes Check(InputAttributes input)
    {
        foreach (var flag in _flags)
        {
            _ = input.FindFlag(flag);
        }

        return input.Ref is { } reference && !GitUrl.IsLegalReference(reference)
            ? throw new FetchException(FetchErrors.BadUrl, $"invalid Git branch/tag name '{reference}'")
            : input.With("url", GitUrl.Normalise(input.GetText("url")));
    }

    public Url ToUrl(InputAttributes input)
    {
        var url = Url.Parse(input.GetText("url"));
        var query = url.Query;
        if (input.FindRevision() is { } revision)
        {
            query = query.SetItem("rev", revision.Digest(Model.Hashing.HashFormat.Base16));
        }

        if (input.Ref is { } reference)
        {
            query = query.SetItem("ref", reference);
        }

        foreach (var flag in _flags.Where(f => f != "allRefs" && input.FindFlag(f) == true))
        {
            query = query.SetItem(flag, "1");
        }

        foreach (var key in (ReadOnlySpan<string>)["keytype", "publicKey", "publicKeys"])
        {
            query = input.FindText(key) is { } value ? query.SetItem(key, value) : query;
        }

        return url with { Scheme = url.Scheme == Name ? Name : $"{Name}+{url.Scheme}", Query = query };
    }

    public bool IsLocked(InputAttributes input) => input.Revision is { } revision && revision != NoRevision;
}
