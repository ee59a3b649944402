namespace Firn.Sessions.Configuration;

/// <summary>Where configuration is written, and in which order it counts.</summary>
public sealed class ConfigurationFiles(Func<string, string?> environment)
{
    /// <summary>The directory of the machine's own configuration.</summary>
    public string SystemDirectory { get; } =
        environment("NIX_CONF_DIR") is { Length: > 0 } directory ? directory.TrimEnd('/') : "/etc/nix";

    public string SystemFile => SystemDirectory + "/nix.conf";

    /// <summary>The user's own files, the most important first.</summary>
    public IReadOnlyList<string> UserFiles { get; } = FindUserFiles(environment);

    /// <summary>Reads all there is, the least important first.</summary>
    public IEnumerable<Assignment> Read()
    {
        IEnumerable<Assignment> Of(string file, bool isOverride) =>
            ReadFile(file) is { } text ? ConfigurationText.Read(text, file, isOverride, ReadFile) : [];
        var all = Of(SystemFile, isOverride: false);
        foreach (var file in UserFiles.Reverse())
        {
            all = all.Concat(Of(file, isOverride: true));
        }

        if (environment("NIX_CONFIG") is { } config)
        {
            all = all.Concat(ConfigurationText.Read(config, "NIX_CONFIG", isOverride: true, ReadFile));
        }

        // The variable wins over files, which in turn lose to the command line.
        return environment("NIX_PATH") is { } path
            ? all.Where(a => a.Name is not ("nix-path" or "extra-nix-path"))
                .Append(new Assignment("nix-path", string.Join(' ', LookupPathText.Split(path)), true))
            : all;
    }

    private static List<string> FindUserFiles(Func<string, string?> environment)
    {
        if (environment("NIX_USER_CONF_FILES") is { } files)
        {
            return [.. files.Split(':', StringSplitOptions.RemoveEmptyEntries)];
        }

        var home = environment("XDG_CONFIG_HOME") is { Length: > 0 } own ? own : environment("HOME") + "/.config";
        var others = environment("XDG_CONFIG_DIRS") is { Length: > 0 } named ? named : "/etc/xdg";
        return [.. others.Split(':', StringSplitOptions.RemoveEmptyEntries).Prepend(home).Select(d => d + "/nix/nix.conf")];
    }

    private static string? ReadFile(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As upstream: what the user may not read does not concern the user.
            return null;
        }
    }
}
