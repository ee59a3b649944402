using System.Collections.Immutable;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes.Forges;
using Firn.Fetching.Schemes.Git;
using Firn.Fetching.Urls;
using Firn.Model.Hashing;

namespace Firn.Fetching.Schemes.Indirect;

/// <summary>A name that a registry has an input for: <c>flake:nixpkgs/nixos-unstable</c>.</summary>
public sealed class IndirectScheme : IInputScheme
{
    public string Name => "indirect";

    public string? Feature => null;

    public IReadOnlySet<string> Attributes { get; } = new HashSet<string> { "id", "ref", "rev", "narHash" };

    /// <summary>Tells whether a registry may call something <paramref name="text"/>.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public InputAttributes? FromUrl(Url url, bool wantsTree)
    {
        if (url.Scheme != "flake")
        {
            return null;
        }

        var (id, reference, revision) = url.Segments.Where(s => s.Length > 0).ToImmutableArray() switch
        {
            [var only] => (only, null, null),
            [var first, var second] when ForgeRevision.IsRevision(second) => (first, null, second),
            [var first, var second] => (first, second, null),
            [var first, var second, var third] when ForgeRevision.IsRevision(third) => (first, second, third),
            [_, _, var third] => throw new FetchException(FetchErrors.BadUrl, $"in flake URL '{url}', '{third}' is not a commit hash"),
            _ => throw new FetchException(FetchErrors.BadUrl, $"flake URL '{url}' is invalid", 1, "It is written flake:NAME, flake:NAME/REF, flake:NAME/REV or flake:NAME/REF/REV."),
        };
        if (reference is not null && !GitUrl.IsLegalReference(reference))
        {
            throw new FetchException(FetchErrors.BadUrl, $"in flake URL '{url}', '{reference}' is not a {(revision is null ? "commit hash or " : "")}branch/tag name");
        }

        var input = InputAttributes.Empty.With("type", Name).With("id", id);
        input = reference is null ? input : input.With("ref", reference);
        return Check(revision is null ? input : input.With("rev", revision.ToLowerInvariant()));
    }

    public InputAttributes Check(InputAttributes input) => IsName(input.GetText("id"))
        ? input
        : throw new FetchException(FetchErrors.BadUrl, $"'{input.GetText("id")}' is not a valid flake ID", 1, "It must begin with a letter and go on with letters, digits, '-' and '_'.");

    public Url ToUrl(InputAttributes input) => new()
    {
        Scheme = "flake",
        Path = "",
        Segments =
        [
            input.GetText("id"),
            .. input.Ref is { } reference ? (string[])[reference] : [],
            .. input.FindRevision() is { } revision ? (string[])[revision.Digest(HashFormat.Base16)] : [],
        ],
    };

    public bool IsLocked(InputAttributes input) => false;
}
