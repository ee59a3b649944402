using System.Collections.Immutable;
using Firn.Model.Diagnostics;
using Firn.Transfers;

namespace Firn.Sessions.Stores;

/// <summary>Which store is meant, as <c>--store</c> and <c>NIX_REMOTE</c> say it.</summary>
/// <param name="Scheme">The kind: <c>auto</c>, <c>local</c>, <c>daemon</c>, <c>dummy</c>, <c>file</c>, <c>https</c>, …</param>
/// <param name="Authority">What stands between the scheme and the question mark.</param>
/// <param name="Parameters">What stands behind the question mark, decoded.</param>
public sealed record StoreReference(string Scheme, string Authority, ImmutableSortedDictionary<string, string> Parameters)
{
    /// <summary>Reads the address of a store.</summary>
    /// <exception cref="UsageException">It is no such address.</exception>
    public static StoreReference Parse(string text)
    {
        var question = text.IndexOf('?');
        var (address, query) = question < 0 ? (text, "") : (text[..question], text[(question + 1)..]);
        var parameters = ParseQuery(query);
        if (address.Contains("://", StringComparison.Ordinal))
        {
            var end = address.IndexOf("://", StringComparison.Ordinal);
            var (scheme, rest) = (address[..end], address[(end + 3)..]);
            if (!IsEscapedWell(rest))
            {
                throw new UsageException($"cannot parse Nix store '{text}'", "Behind '%' come two digits in base 16; '%25' is '%' itself.");
            }

            return scheme switch
            {
                // What looks like a host would otherwise be a folder in the current one.
                "file" when !rest.StartsWith('/') => throw new UsageException(
                    $"cannot parse Nix store '{text}'", $"Behind 'file://' comes an absolute path, as in 'file:///{(rest.Length > 0 ? rest : "some/folder")}'."),
                "unix" => new StoreReference("daemon", rest, parameters),
                "local" when rest.Length > 0 && !parameters.ContainsKey("root") =>
                    new StoreReference("local", "", parameters.SetItem("root", Path.GetFullPath(Uri.UnescapeDataString(rest)))),
                "local" => new StoreReference("local", "", parameters),
                _ => new StoreReference(scheme, rest, parameters),
            };
        }

        // As in 'file:/some/folder'.
        var colon = address.IndexOf(":/", StringComparison.Ordinal);
        if (colon > 0 && address[..colon] is var named && named != "unix" && named.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
        {
            return new StoreReference(named, address[(colon + 1)..], parameters);
        }

        return address switch
        {
            "" or "auto" => new StoreReference("auto", "", parameters),
            "local" or "daemon" => new StoreReference(address, "", parameters),
            _ when address.StartsWith("unix:", StringComparison.Ordinal) => new StoreReference("daemon", address[5..], parameters),
            _ when address.Contains('/') => new StoreReference("local", "", parameters.SetItem("root", Path.GetFullPath(address))),
            _ => throw new UsageException(
                $"don't know how to open Nix store '{text}'",
                "A store is 'auto', 'local', 'daemon', a directory such as '/some/root', or an address such as 'dummy://'."),
        };
    }

    /// <summary>The whole address, as one could write it.</summary>
    public override string ToString() => Render(Parameters);

    /// <summary>How messages name the store: without logins, and of the parameters only those that say where it is.</summary>
    public string ToText() => Scheme is "auto" or "local" && Parameters.TryGetValue("root", out var root)
        ? root
        : UrlRedaction.Redact(Render(Parameters.Where(p =>
            Scheme == "s3" && p.Key is "profile" or "region" or "scheme" or "endpoint" or "addressing-style")));

    private string Render(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var query = string.Join('&', parameters.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));
        var address = Scheme is "auto" or "local" or "daemon" && Authority.Length == 0 ? Scheme : $"{(Scheme == "daemon" ? "unix" : Scheme)}://{Authority}";
        return query.Length == 0 ? address : $"{address}?{query}";
    }

    private static bool IsEscapedWell(string text) => text.Split('%').Skip(1).All(p => p is [var first, var second, ..] && char.IsAsciiHexDigit(first) && char.IsAsciiHexDigit(second));

    private static ImmutableSortedDictionary<string, string> ParseQuery(string query)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            if (equals > 0)
            {
                parameters[Uri.UnescapeDataString(pair[..equals])] = Uri.UnescapeDataString(pair[(equals + 1)..]);
            }
        }

        return parameters.ToImmutable();
    }
}
