namespace Firn.Transfers;

/// <summary>Logins for servers, from a file in the form that ftp once introduced.</summary>
public sealed class Netrc
{
    private const string AnyHost = "";

    private readonly Dictionary<string, (string? Login, string? Password)> _entries = new(StringComparer.OrdinalIgnoreCase);

    private Netrc() { }

    /// <summary>Reads the text of such a file; words that mean nothing are passed over.</summary>
    public static Netrc Parse(string text)
    {
        var netrc = new Netrc();
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string? host = null;
        for (var i = 0; i < words.Length; i++)
        {
            var value = i + 1 < words.Length ? words[i + 1] : "";
            switch (words[i])
            {
                case "machine":
                    host = value;
                    break;
                case "default":
                    host = AnyHost;
                    continue;
                case "login" when host is not null:
                    netrc._entries[host] = netrc._entries.GetValueOrDefault(host) with { Login = value };
                    break;
                case "password" when host is not null:
                    netrc._entries[host] = netrc._entries.GetValueOrDefault(host) with { Password = value };
                    break;
                case "account":
                    break;
                default:
                    continue;
            }

            i++;
        }

        return netrc;
    }

    /// <summary>Returns <c>login:password</c> for a server, or null.</summary>
    public string? Find(string host) =>
        _entries.TryGetValue(host, out var entry) || _entries.TryGetValue(AnyHost, out entry) ? $"{entry.Login}:{entry.Password}" : null;
}
