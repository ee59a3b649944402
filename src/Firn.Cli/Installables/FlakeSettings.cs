using System.Text.Json;
using Firn.Flakes.Resolving;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Installables;

/// <summary>Follows the settings that a flake brings, as far as the user trusts them.</summary>
internal sealed class FlakeSettings(Session session)
{
    // What cannot harm.
    private static readonly HashSet<string> _harmless = ["bash-prompt", "bash-prompt-prefix", "bash-prompt-suffix", "flake-registry", "commit-lock-file-summary", "commit-lockfile-summary"];

    private string TrustFile => $"{session.Directories.Data}/trusted-settings.json";

    public void Follow(FetchedFlake flake)
    {
        var followed = new List<Assignment>();
        foreach (var (name, setting) in flake.File.Settings)
        {
            var value = setting.IsPath ? CopyToStore(flake, setting.Value) : setting.Value;
            if (_harmless.Contains(Plain(name)) || session.Get<SessionSettings>().AcceptFlakeConfig || IsTrusted(name, value))
            {
                followed.Add(new Assignment(name, value, IsOverride: true));
            }
            else
            {
                session.Log.Write(
                    Verbosity.Warning, $"ignoring untrusted flake configuration setting '{name}'.\nPass '--accept-flake-config' to trust it");
            }
        }

        session.Adopt(followed);
    }

    private static string Plain(string name) => name.StartsWith("extra-", StringComparison.Ordinal) ? name["extra-".Length..] : name;

    /// <summary>Copies one file of a flake, so that its path does not change with the rest.</summary>
    private string CopyToStore(FetchedFlake flake, string path)
    {
        var real = session.StoreDirectory.TrySplit(path, out var tree, out var rest) ? session.Layout.RealPath(tree) + rest : path;
        return session.StoreDirectory.Absolute(session.Store.Contents.AddFromDisk(Path.GetFileName(path), real, Store.Contents.ContentOptions.Default));
    }

    /// <summary>Whether the user once said that a setting may have this value; C++ Nix writes that down when it asks.</summary>
    private bool IsTrusted(string name, string value)
    {
        if (!File.Exists(TrustFile))
        {
            return false;
        }

        try
        {
            using var trusted = JsonDocument.Parse(File.ReadAllText(TrustFile));
            return trusted.RootElement.TryGetProperty(name, out var values) && values.TryGetProperty(value, out var trusts) && trusts.GetBoolean();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
