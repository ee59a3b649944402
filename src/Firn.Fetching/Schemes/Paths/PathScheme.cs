using System.Globalization;
using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;

namespace Firn.Fetching.Schemes.Paths;

/// <summary>A file or folder of this machine as it is: <c>path:/some/where</c>.</summary>
public sealed class PathScheme : IInputScheme
{
    public string Name => "path";

    public string? Feature => null;

    public IReadOnlySet<string> Attributes { get; } = new HashSet<string> { "path", "rev", "revCount", "lastModified", "narHash" };

    public InputAttributes? FromUrl(Url url, bool wantsTree)
    {
        if (url.Scheme != Name)
        {
            return null;
        }

        if (url.Authority is { Length: > 0 } authority)
        {
            throw new FetchException(FetchErrors.BadUrl, $"path URL '{url}' should not have an authority ('{authority}')");
        }

        var input = InputAttributes.Empty.With("type", Name).With("path", url.Path);
        foreach (var (name, value) in url.Query)
        {
            input = name switch
            {
                "rev" or "narHash" => input.With(name, value),
                "revCount" or "lastModified" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? input.With(name, number)
                    : throw new FetchException(FetchErrors.BadUrl, $"path URL '{url}' has invalid parameter '{name}'"),
                _ => throw new FetchException(FetchErrors.BadUrl, $"path URL '{url}' has unsupported parameter '{name}'"),
            };
        }

        return input;
    }

    public InputAttributes Check(InputAttributes input)
    {
        _ = input.GetText("path");
        return input;
    }

    public Url ToUrl(InputAttributes input) => new()
    {
        Scheme = Name,
        Path = input.GetText("path"),
        Query = input.ToQuery().RemoveRange(["path", "type", "__final"]),
    };

    public bool IsLocked(InputAttributes input) => input.NarHash is not null;
}
