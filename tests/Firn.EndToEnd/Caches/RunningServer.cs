using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Firn.EndToEnd.Caches;

/// <summary><c>firn cache serve</c> on a machine, with a private cache 'team' that a token may do everything with.</summary>
internal sealed partial class RunningServer : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _log = [];

    public RunningServer(Machine machine)
    {
        Machine = machine;
        Folder = $"{machine.Home}/caches";
        _process = machine.StartFirn("firn", "cache", "serve", "--data", Folder, "--create", "team", "--listen", "127.0.0.1:0");
        for (string? line; Url is null && (line = _process.StandardError.ReadLine()) is not null;)
        {
            _log.Add(line);
            Url = Address().Match(line) is { Success: true } match ? match.Value : null;
        }

        Assert.True(Url is not null, string.Join('\n', _log));
        Token = File.ReadAllText($"{Folder}/team.token").Trim();
        // A full pipe would stop the server.
        new Thread(ReadOn) { IsBackground = true, Name = "server's log" }.Start();
    }

    public Machine Machine { get; }

    public string Folder { get; }

    public string? Url { get; }

    public string Token { get; }

    public string PublicKey => Machine.Firn("firn", "cache", "keys", "--data", Folder, "team");

    /// <summary>All that it said.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>Writes a netrc file on a machine, and returns the settings by which that fetches from the cache.</summary>
    public string[] SettingsOn(Machine machine) =>
    [
        "--option", "netrc-file", machine.Write("netrc", $"machine 127.0.0.1 login anybody password {Token}\n"),
        "--option", "trusted-public-keys", PublicKey,
    ];

    /// <summary>Kills it, so that it can do nothing about it.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
    }

    private void ReadOn()
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            lock (_log)
            {
                _log.Add(line);
            }
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
