using System.Text;

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
        var words = Words(text);
        string? host = null;
        for (var i = 0; i < words.Count; i++)
        {
            var value = i + 1 < words.Count ? words[i + 1] : "";
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

    /// <summary>Takes the text apart: lines that begin with <c>#</c> and macros, up to an empty line, say nothing; a word in quotes may hold anything.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var isMacro = false;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            isMacro &= line.Length > 0;
            for (var i = 0; i < line.Length && !isMacro && line[0] != '#';)
            {
                if (char.IsWhiteSpace(line[i]))
                {
                    i++;
                    continue;
                }

                var word = line[i] == '"' ? Quoted(line, ref i) : Plain(line, ref i);
                isMacro = word == "macdef";
                words.Add(word);
            }
        }

        return words;
    }

    private static string Plain(string line, ref int i)
    {
        var start = i;
        while (i < line.Length && !char.IsWhiteSpace(line[i]))
        {
            i++;
        }

        return line[start..i];
    }

    private static string Quoted(string line, ref int i)
    {
        var word = new StringBuilder();
        for (i++; i < line.Length && line[i] != '"'; i++)
        {
            word.Append(line[i] != '\\' || i + 1 == line.Length ? line[i] : line[++i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var itself => itself,
            });
        }

        i++;
        return word.ToString();
    }

    /// <summary>Returns <c>login:password</c> for a server, or null.</summary>
    public string? Find(string host) =>
        _entries.TryGetValue(host, out var entry) || _entries.TryGetValue(AnyHost, out entry) ? $"{entry.Login}:{entry.Password}" : null;
}
