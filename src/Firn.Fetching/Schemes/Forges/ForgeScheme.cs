using System.Collections.Immutable;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes.Git;
using Firn.Fetching.Urls;
using Firn.Model.Hashing;

namespace Firn.Fetching.Schemes.Forges;

/// <summary>A revision of a repository, as an archive that a forge makes of it: <c>github:NixOS/nixpkgs/nixos-unstable</c>.</summary>
/// <param name="forge">Which one.</param>
/// <param name="trustsArchives">Whether a revision alone says what the archive holds.</param>
public sealed class ForgeScheme(Forge forge, bool trustsArchives) : IInputScheme
{
    public string Name => forge.Name;

    public string? Feature => null;

    public IReadOnlySet<string> Attributes { get; } =
        new HashSet<string> { "owner", "repo", "ref", "rev", "narHash", "lastModified", "host", "treeHash" };

    public InputAttributes? FromUrl(Url url, bool wantsTree)
    {
        if (url.Scheme != Name)
        {
            return null;
        }

        var (owner, repository, rest) = url.Segments.Where(s => s.Length > 0).ToImmutableArray() switch
        {
            [var first, var second, .. var others] => (first, second, others),
            _ => throw new FetchException(FetchErrors.BadUrl, $"URL '{url}' is invalid", 1, $"It is written {Name}:OWNER/REPO, and may go on with /REF or /REV."),
        };
        var input = InputAttributes.Empty.With("type", Name).With("owner", owner).With("repo", repository);
        if (rest.Length > 0)
        {
            input = input.With(rest is [var only] && ForgeRevision.IsRevision(only) ? "rev" : "ref", string.Join('/', rest));
        }

        foreach (var (name, meaning) in (ReadOnlySpan<(string, string)>)[("rev", "commit hashes"), ("ref", "branch/tag names"), ("host", ""), ("narHash", "")])
        {
            if (url.Query.TryGetValue(name, out var value))
            {
                input = input.Has(name)
                    ? throw new FetchException(FetchErrors.BadUrl, $"URL '{url}' contains multiple {meaning}")
                    : input.With(name, value);
            }
        }

        return Check(input);
    }

    public InputAttributes Check(InputAttributes input)
    {
        (_, _) = (input.GetText("owner"), input.GetText("repo"));
        _ = input.FindRevision();
        var problem = (input.Ref, input.Revision) switch
        {
            ({ } reference, { } revision) => $"contains both a commit hash ('{revision}') and a branch/tag name ('{reference}')",
            ({ } reference, _) when !GitUrl.IsLegalReference(reference) => "contains an invalid branch/tag name",
            _ when input.FindText("host")?.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-')) == true => "contains an invalid instance host",
            _ => null,
        };
        return problem is null ? input : throw new FetchException(FetchErrors.BadUrl, $"input {input.ToJson()} {problem}");
    }

    public Url ToUrl(InputAttributes input)
    {
        var url = new Url
        {
            Scheme = Name,
            Path = "",
            Segments =
            [
                input.GetText("owner"), input.GetText("repo"),
                .. input.Ref is { } reference ? (string[])[reference] : [],
                .. input.FindRevision() is { } revision ? (string[])[revision.Digest(HashFormat.Base16)] : [],
            ],
        };
        var query = url.Query;
        query = input.NarHash is { } hash ? query.SetItem("narHash", hash.ToString(HashFormat.Sri)) : query;
        query = input.FindText("host") is { } host ? query.SetItem("host", host) : query;
        return url with { Query = query };
    }

    public bool IsLocked(InputAttributes input) => input.Revision is not null && (trustsArchives || input.NarHash is not null);
}
