using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes.Indirect;
using Firn.Fetching.Urls;

namespace Firn.Flakes.References;

/// <summary>Where a flake is: an input, and the folder of it that holds <c>flake.nix</c>.</summary>
/// <param name="Input">The tree.</param>
/// <param name="Directory">The folder inside, empty for the top.</param>
public sealed record FlakeReference(InputAttributes Input, string Directory)
{
    private const string DirectoryName = "dir";

    /// <summary>Reads a set of attributes, <c>dir</c> among them.</summary>
    /// <exception cref="FetchException">It describes no input.</exception>
    public static FlakeReference FromAttributes(InputAttributes attributes, InputForms forms) =>
        new(forms.Parse(attributes.Without(DirectoryName)), attributes.FindText(DirectoryName) ?? "");

    /// <summary>Reads a reference that is written as text and stands for itself: no path relative to somewhere, no fragment.</summary>
    /// <exception cref="FlakeException">It is none.</exception>
    public static FlakeReference Parse(string text, InputForms forms) => Parse(text, forms, new ReferenceReading());

    /// <summary>Reads a reference without a fragment.</summary>
    /// <exception cref="FlakeException">It is none.</exception>
    public static FlakeReference Parse(string text, InputForms forms, ReferenceReading reading)
    {
        var (reference, fragment) = ParseWithFragment(text, forms, reading);
        return fragment.Length == 0
            ? reference
            : throw new FlakeException(
                FlakeErrors.BadReference, $"unexpected fragment '{fragment}' in flake reference '{text}'",
                $"'{text[..text.IndexOf('#')]}' is the flake; what stands after '#' would be something in it.");
    }

    /// <summary>Reads a reference and what stands after <c>#</c>.</summary>
    /// <exception cref="FlakeException">It is none.</exception>
    public static (FlakeReference Reference, string Fragment) ParseWithFragment(string text, InputForms forms) =>
        ParseWithFragment(text, forms, new ReferenceReading());

    /// <summary>Reads a reference and what stands after <c>#</c>.</summary>
    /// <exception cref="FlakeException">It is none.</exception>
    public static (FlakeReference Reference, string Fragment) ParseWithFragment(string text, InputForms forms, ReferenceReading reading) =>
        ParseName(text, forms) ?? ParseUrl(text, forms, reading) ?? ParsePath(text, forms, reading);

    /// <summary>Whether it is a path that starts from the flake that it stands in.</summary>
    public bool IsRelative => Input.FindText("type") == "path" && !Input.GetText("path").StartsWith('/');

    /// <summary>The folder of this machine that the tree is taken from; null when it is elsewhere.</summary>
    public string? SourceFolder => Input.FindText("type") switch
    {
        "path" => Input.FindText("path"),
        "git" or "hg" when Url.TryParse(Input.GetText("url"), out var url) && url.Transport == "file" => url.Path,
        _ => null,
    };

    /// <summary>Returns the reference as newer versions write it: the folder stands beside the URL, no longer in it too.</summary>
    public FlakeReference Canonical()
    {
        if (Input.FindText("url") is not { } text || !Url.TryParse(text, out var url))
        {
            return this;
        }

        url = Directory.Length > 0 && url.Query.GetValueOrDefault(DirectoryName) == Directory ? url with { Query = url.Query.Remove(DirectoryName) } : url;
        return this with { Input = Input.With("url", url.ToString()) };
    }

    /// <summary>Returns the set of attributes that says the same.</summary>
    public InputAttributes ToAttributes() =>
        Directory.Length == 0 || Input.Has(DirectoryName) ? Input : Input.With(DirectoryName, Directory);

    /// <summary>Writes it as a URL.</summary>
    public string ToText(InputForms forms)
    {
        var url = forms.ToUrl(Input);
        return (Directory.Length == 0 || url.Query.ContainsKey(DirectoryName) ? url : url with { Query = url.Query.SetItem(DirectoryName, Directory) }).ToString();
    }

    /// <summary>Reads a name for the registry, with a branch and a revision if need be.</summary>
    private static (FlakeReference, string)? ParseName(string text, InputForms forms)
    {
        var parts = text.Split('#', 2);
        var steps = parts[0].Split('/', 2);
        if (!IndirectScheme.IsName(steps[0]) || (steps.Length > 1 && !IsBranchOrRevision(steps[1])))
        {
            return null;
        }

        return (new FlakeReference(forms.ParseUrl(Url.Parse("flake:" + parts[0]), wantsTree: true), ""), parts.Length > 1 ? Decode(parts[1]) : "");
    }

    private static void WarnOfDubious(string text, ReferenceReading reading)
    {
        var query = text.Split('#')[0].Split('?', 2);
        foreach (var part in query.Length < 2 ? [] : query[1].Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.Contains('=')))
        {
            reading.Log?.Write(Model.Diagnostics.Verbosity.Warning, $"dubious URI query '{part}' is missing equal sign '=', ignoring");
        }
    }

    private static (FlakeReference, string)? ParseUrl(string text, InputForms forms, ReferenceReading reading)
    {
        if (!Url.TryParse(EncodeFragment(text), out var url))
        {
            return null;
        }

        WarnOfDubious(text, reading);

        try
        {
            if (reading.BaseDirectory is not null && url.Scheme is "path" or "git+file" && !url.Path.StartsWith('/'))
            {
                url = url with { Path = Path.GetFullPath(url.Path, reading.BaseDirectory!), Authority = url.Scheme == "path" ? url.Authority : "" };
            }

            return FromUrl(url, forms, reading.IsFlake);
        }
        catch (FetchException e) when (e.Diagnostic.Code == FetchErrors.BadUrl && !HasKnownScheme(url))
        {
            // A file may be called like this.
            return null;
        }
    }

    private static (FlakeReference, string) ParsePath(string text, InputForms forms, ReferenceReading reading)
    {
        var path = text[..(text.IndexOfAny(['?', '#']) is >= 0 and var end ? end : text.Length)];
        if (reading.BaseDirectory is not null)
        {
            var rest = Url.Parse("path:/" + EncodeFragment(text[path.Length..]));
            return FromUrl(FlakeFolder.Find(path.Length == 0 ? "." : path, text, rest.Query, rest.Fragment, reading), forms, reading.IsFlake);
        }

        return path.StartsWith('/') || reading.KeepsRelativePaths
            ? FromUrl(Url.Parse("path:" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)) + EncodeFragment(text[path.Length..])), forms, reading.IsFlake)
            : throw new FlakeException(
                FlakeErrors.BadReference, $"flake reference '{text}' is not an absolute path",
                "Write a path that begins with '/', a name such as 'nixpkgs', or a URL such as 'github:OWNER/REPO' or 'path:/some/where'.");
    }

    private static (FlakeReference, string) FromUrl(Url url, InputForms forms, bool isFlake) => (
        new FlakeReference(
            forms.ParseUrl(url with { Query = url.Query.Remove(DirectoryName), Fragment = "" }, isFlake),
            url.Query.GetValueOrDefault(DirectoryName, "")),
        url.Fragment);

    private static bool HasKnownScheme(Url url) => url.Scheme is "github" or "gitlab" or "sourcehut" or "flake";

    private static bool IsBranchOrRevision(string text) =>
        text.Length > 0 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '@')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '@' or '+' or '-');

    private static string Decode(string fragment) => Url.Parse(EncodeFragment("path:/#" + fragment)).Fragment;

    // A fragment is an attribute path: hello^dev, packages."a b".
    private static string EncodeFragment(string text) => text.IndexOf('#') is >= 0 and var hash
        ? text[..hash] + text[hash..].Replace("\"", "%22", StringComparison.Ordinal).Replace("^", "%5E", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal)
        : text;
}
