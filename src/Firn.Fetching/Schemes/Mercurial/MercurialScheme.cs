using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.Hashing;
using Firn.Transfers;

namespace Firn.Fetching.Schemes.Mercurial;

/// <summary>Takes commits and work trees of Mercurial repositories: <c>hg+file:/some/where?ref=default</c>.</summary>
public sealed class MercurialScheme : IInputScheme
{
    private static readonly HashSet<string> _transports = ["http", "https", "ssh", "file"];

    public string Name => "hg";

    public string? Feature => null;

    public IReadOnlySet<string> Attributes { get; } = new HashSet<string> { "url", "ref", "rev", "revCount", "narHash", "name" };

    /// <summary>Tells whether <paramref name="name"/> may be that of a branch, bookmark or tag: nothing that hg could take for an option.</summary>
    public static bool IsLegalReference(string name) =>
        name.Length > 0 && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '@')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '@' or '+' or '-');

    public InputAttributes? FromUrl(Url url, bool wantsTree)
    {
        if (url.Application != Name || !_transports.Contains(url.Transport))
        {
            return null;
        }

        var input = InputAttributes.Empty.With("type", Name);
        foreach (var name in (ReadOnlySpan<string>)["ref", "rev"])
        {
            input = url.Query.TryGetValue(name, out var value) ? input.With(name, value) : input;
        }

        var place = url with { Scheme = url.Transport, Query = url.Query.RemoveRange(["ref", "rev"]) };
        return Check(input.With("url", place.ToString()));
    }

    public InputAttributes Check(InputAttributes input)
    {
        var url = Url.Parse(input.GetText("url"));

        // What stands for a user or a host goes to ssh in the end.
        if (url.Authority is { } authority && Uri.UnescapeDataString(authority).Split('@').Any(part => part.StartsWith('-')))
        {
            throw new FetchException(FetchErrors.BadUrl, $"'{UrlRedaction.Redact(url.ToString())}' is not the URL of a Mercurial repository: a user or host begins with '-'");
        }

        // Beside a revision it only says which branch that was found on, and hg allows more for a name.
        return input.Revision is null && input.Ref is { } reference && !IsLegalReference(reference)
            ? throw new FetchException(FetchErrors.BadUrl, $"invalid Mercurial branch/tag name '{reference}'")
            : input;
    }

    public Url ToUrl(InputAttributes input)
    {
        var url = Url.Parse(input.GetText("url"));
        var query = url.Query;
        query = input.FindRevision() is { } revision ? query.SetItem("rev", revision.Digest(HashFormat.Base16)) : query;
        query = input.Ref is { } reference ? query.SetItem("ref", reference) : query;
        return url with { Scheme = $"{Name}+{url.Scheme}", Query = query };
    }

    public bool IsLocked(InputAttributes input) => input.FindRevision() is not null;
}
