using System.Text;

namespace Firn.CacheServer.Http;

/// <summary>Takes the token out of a request.</summary>
public static class Credentials
{
    private const int MaxLength = 1024;

    /// <summary>Reads the header <c>Authorization</c>: a bearer token, or a password whatever the user is called (as netrc files give it).</summary>
    public static string? TokenOf(string? header)
    {
        if (header is null or { Length: > MaxLength })
        {
            return null;
        }

        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }

        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length))
        {
            return null;
        }

        var login = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = login.IndexOf(':');
        return colon < 0 ? null : colon == login.Length - 1 ? login[..colon] : login[(colon + 1)..];
    }
}
