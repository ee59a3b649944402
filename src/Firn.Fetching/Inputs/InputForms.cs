using System.Collections.Immutable;
using Firn.Fetching.Schemes;
using Firn.Fetching.Schemes.Forges;
using Firn.Fetching.Schemes.Git;
using Firn.Fetching.Schemes.Indirect;
using Firn.Fetching.Schemes.Mercurial;
using Firn.Fetching.Schemes.Paths;
using Firn.Fetching.Schemes.Tarballs;
using Firn.Fetching.Urls;

namespace Firn.Fetching.Inputs;

/// <summary>Reads and writes inputs: sets of attributes and URLs, of all schemes. Fetches nothing.</summary>
public sealed class InputForms(FetchSettings settings)
{
    private readonly ImmutableArray<IInputScheme> _schemes =
    [
        new PathScheme(),
        new IndirectScheme(),
        new GitScheme(),
        new MercurialScheme(),
        .. Forge.All.Select(forge => new ForgeScheme(forge, settings.TrustTarballsFromGitForges)),
        new TarballScheme(),
        new FileScheme(),
    ];

    /// <summary>Checks a set of attributes and brings it into its usual form.</summary>
    /// <exception cref="FetchException">It describes no input.</exception>
    public InputAttributes Parse(InputAttributes input)
    {
        var scheme = SchemeOf(input);
        var unknown = input.Values.Keys.FirstOrDefault(name => name is not ("type" or "__final") && !scheme.Attributes.Contains(name));
        return unknown is null
            ? scheme.Check(input)
            : throw new FetchException(FetchErrors.BadInput, $"input attribute '{unknown}' not supported by scheme '{scheme.Name}'", 1,
                $"it knows {string.Join(", ", scheme.Attributes.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Reads a URL as an input.</summary>
    /// <exception cref="FetchException">No scheme knows it.</exception>
    public InputAttributes ParseUrl(Url url, bool wantsTree) =>
        _schemes.Select(s => s.FromUrl(url, wantsTree)).FirstOrDefault(i => i is not null) ?? throw new FetchException(
            FetchErrors.Unsupported,
            url.Scheme == "file+git" ? $"input '{url}' is unsupported; did you mean 'git+file' instead of 'file+git'?" : $"input '{url}' is unsupported");

    /// <summary>Reads what <c>builtins.fetchGit</c> takes, which leaves out what is not to be exported unless told else.</summary>
    /// <param name="input">The set that <c>fetchGit</c> takes; its type is known.</param>
    public InputAttributes ParseGit(InputAttributes input)
    {
        var git = input.With("type", "git").With("url", GitUrl.Normalise(input.GetText("url")));
        return Parse(git.Has("exportIgnore") || git.FindFlag("submodules") == true ? git : git.With("exportIgnore", true));
    }

    /// <summary>Reads what <c>builtins.fetchMercurial</c> takes, to which a path may be given in the place of a URL.</summary>
    /// <param name="input">The set that <c>fetchMercurial</c> takes.</param>
    public InputAttributes ParseMercurial(InputAttributes input)
    {
        var place = input.GetText("url");
        var url = place.Contains("://", StringComparison.Ordinal) ? place
            : place.StartsWith('/') ? new Url { Scheme = "file", Authority = "", Path = place }.ToString()
            : "file://" + place;
        return Parse(input.With("type", "hg").With("url", url));
    }

    /// <summary>Writes an input as a URL.</summary>
    public Url ToUrl(InputAttributes input) => SchemeOf(input).ToUrl(input);

    /// <summary>Returns an input at another branch or revision, as far as they are given.</summary>
    /// <exception cref="FetchException">Inputs of this scheme have none.</exception>
    public InputAttributes WithRevision(InputAttributes input, string? reference, string? revision)
    {
        if (reference is null && revision is null)
        {
            return input;
        }

        var scheme = SchemeOf(input);
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("ref", reference), ("rev", revision)])
        {
            if (value is not null && !scheme.Attributes.Contains(name))
            {
                throw new FetchException(FetchErrors.BadInput, $"don't know how to set {(name == "ref" ? "branch/tag name" : "revision")} of input '{ToUrl(input)}' to '{value}'");
            }
        }

        // A forge knows one of the two; a revision says more.
        var result = Forge.All.Any(f => f.Name == scheme.Name) ? input.Without("ref").Without("rev") : input;
        result = reference is not null && (revision is null || result.Equals(input)) ? result.With("ref", reference) : result;
        result = revision is not null ? result.With("rev", revision) : result;
        return scheme.Check(result);
    }

    /// <summary>Tells whether fetching the input always gives the same.</summary>
    public bool IsLocked(InputAttributes input) => SchemeOf(input).IsLocked(input);

    /// <summary>Returns the experimental feature that an input needs, or null.</summary>
    public string? FeatureOf(InputAttributes input) => SchemeOf(input).Feature;

    private IInputScheme SchemeOf(InputAttributes input) =>
        _schemes.FirstOrDefault(s => s.Name == (input.FindText("type")
            ?? throw new FetchException(FetchErrors.BadInput, "'type' attribute to specify input scheme is required but not provided")))
        ?? throw new FetchException(
            FetchErrors.Unsupported, $"unsupported input '{input.ToJson()}'", 1, $"types are {string.Join(", ", _schemes.Select(s => s.Name))}");
}
