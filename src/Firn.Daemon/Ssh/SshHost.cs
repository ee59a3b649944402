using System.Collections.Immutable;
using Firn.Model.Diagnostics;

namespace Firn.Daemon.Ssh;

/// <summary>A machine behind ssh, and how to get there.</summary>
public sealed record SshHost
{
    /// <summary>Where to log in, perhaps <c>user@host</c>.</summary>
    public required string Login { get; init; }

    public int? Port { get; init; }

    /// <summary>The file of the private key; empty for those that ssh finds by itself.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The public key of the host, as its line in <c>known_hosts</c> ends; empty for what ssh knows.</summary>
    public string HostKey { get; init; } = "";

    public bool Compresses { get; init; }

    /// <summary>More arguments for ssh.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The program to run there, with its first arguments.</summary>
    public ImmutableArray<string> Program { get; init; } = [];

    /// <summary>The store to use there; empty for the default one.</summary>
    public string Store { get; init; } = "";

    /// <summary>Whether it is this machine under its plain name: then the program is run without ssh.</summary>
    public bool IsHere => Login == "localhost" && Port is null;

    /// <summary>The name without the user.</summary>
    public string Name => Login[(Login.LastIndexOf('@') + 1)..];

    /// <summary>Reads an authority and the parameters behind it.</summary>
    /// <exception cref="UsageException">The authority is none that ssh could be given.</exception>
    public static SshHost Parse(
        string authority, IReadOnlyDictionary<string, string> parameters, string defaultProgram, Func<string, string?> environment)
    {
        string Parameter(string name) => parameters.GetValueOrDefault(name) ?? "";
        var (login, port) = SplitPort(authority.TrimEnd('/'));
        var host = login[(login.LastIndexOf('@') + 1)..];
        // What begins with a dash would be an option of ssh, and options of ssh can run programs.
        if (host.Length == 0 || host.StartsWith('-') || login.StartsWith('-') || login.StartsWith('@'))
        {
            throw new UsageException($"invalid SSH authority: '{authority}': it must be a host, perhaps with 'user@' before and ':port' behind, and must not start with '-'");
        }

        var program = Parameter("remote-program");
        return new SshHost
        {
            Login = login,
            Port = port,
            KeyFile = Parameter("ssh-key"),
            HostKey = DecodeKey(Parameter("base64-ssh-public-host-key")),
            Compresses = Parameter("compress") is "true" or "1" or "yes",
            Arguments = ShellWords.Split(environment("NIX_SSHOPTS") ?? ""),
            Program = [.. (program.Length > 0 ? program : defaultProgram).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Store = Parameter("remote-store"),
        };
    }

    private static (string Login, int? Port) SplitPort(string authority)
    {
        var colon = authority.LastIndexOf(':');
        var bracket = authority.LastIndexOf(']');
        var (login, port) = colon > bracket && int.TryParse(authority.AsSpan(colon + 1), out var number) && authority.IndexOf(':') == colon | bracket >= 0
            ? (authority[..colon], number)
            : (authority, (int?)null);
        return (login.Replace("[", "").Replace("]", ""), port);
    }

    private static string DecodeKey(string text)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(text)).Trim();
        }
        catch (FormatException)
        {
            throw new UsageException("the public key of the ssh host is not base-64");
        }
    }
}
