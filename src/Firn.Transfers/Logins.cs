using System.Net.Http.Headers;
using System.Text;

namespace Firn.Transfers;

/// <summary>What to say to which server to be let in, from the files that say so, read again whenever they change.</summary>
public sealed class Logins(string netrcFile, string bearerTokensFile)
{
    private readonly WatchedFile<Netrc> _netrc = new(netrcFile, Netrc.Parse);
    private readonly WatchedFile<Dictionary<string, string>> _tokens = new(bearerTokensFile, ParseTokens);

    /// <summary>Returns the header for a request; what the URL itself says goes first, then tokens, then passwords.</summary>
    public AuthenticationHeaderValue? Find(Uri uri)
    {
        if (uri.UserInfo.Length > 0)
        {
            return Basic(Uri.UnescapeDataString(uri.UserInfo));
        }

        var tokens = _tokens.Read();
        if (tokens.GetValueOrDefault(uri.Authority) is { } token || tokens.TryGetValue(uri.Host, out token))
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        return _netrc.Read().Find(uri.Host) is { } login ? Basic(login) : null;
    }

    /// <summary>Reads lines of a host, with a port or without, and a token; <c>#</c> begins a comment.</summary>
    internal static Dictionary<string, string> ParseTokens(string text)
    {
        var tokens = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var host, var token])
            {
                tokens[host] = token;
            }
        }

        return tokens;
    }

    private static AuthenticationHeaderValue Basic(string login) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));

    /// <summary>A file whose meaning is kept until its time or size is another one.</summary>
    private sealed class WatchedFile<T>(string path, Func<string, T> parse)
        where T : class
    {
        private readonly Lock _lock = new();
        private T _value = parse("");
        private (DateTime Time, long Size) _seen;

        public T Read()
        {
            lock (_lock)
            {
                try
                {
                    var file = new FileInfo(path);
                    if (!file.Exists)
                    {
                        (_value, _seen) = (parse(""), default);
                    }
                    else if ((file.LastWriteTimeUtc, file.Length) is var now && now != _seen)
                    {
                        (_value, _seen) = (parse(File.ReadAllText(path)), now);
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
                {
                    // One that others may read and this user may not gives no logins.
                    (_value, _seen) = (parse(""), default);
                }

                return _value;
            }
        }
    }
}
