using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Profiles.Generations;

namespace Firn.Sessions.Configuration;

/// <summary>The directories of the user that runs the program.</summary>
/// <param name="Home">The home directory.</param>
/// <param name="Cache">What can be had again, such as <c>~/.cache/nix</c>.</param>
/// <param name="State">What cannot, such as <c>~/.local/state/nix</c>.</param>
/// <param name="Data">What the user typed, such as <c>~/.local/share/nix</c>.</param>
/// <param name="Configuration">What the user decided, such as <c>~/.config/nix</c>.</param>
public sealed record UserDirectories(string Home, string Cache, string State, string Data, string Configuration)
{
    private const string UserDatabase = "/etc/passwd";

    /// <summary>Finds them by the environment.</summary>
    public static UserDirectories Of(Func<string, string?> environment, IMessageLog log)
    {
        var home = FindHome(environment("HOME"), log);
        return new UserDirectories(
            home,
            environment("NIX_CACHE_HOME") is { Length: > 0 } cache ? cache : Base("XDG_CACHE_HOME", ".cache") + "/nix",
            environment("NIX_STATE_HOME") is { Length: > 0 } state ? state : Base("XDG_STATE_HOME", ".local/state") + "/nix",
            environment("NIX_DATA_HOME") is { Length: > 0 } data ? data : Base("XDG_DATA_HOME", ".local/share") + "/nix",
            environment("NIX_CONFIG_HOME") is { Length: > 0 } configuration ? configuration : Base("XDG_CONFIG_HOME", ".config") + "/nix");

        string Base(string variable, string otherwise) => environment(variable) is { Length: > 0 } named ? named : $"{home}/{otherwise}";
    }

    /// <summary>Returns where this user's profiles are in a store with the given state directory.</summary>
    public ProfileLocations Profiles(string storeStateDirectory, bool usesXdg) => new()
    {
        IsRoot = CurrentUser.IsRoot,
        Home = Home,
        UserStateDirectory = State,
        StoreStateDirectory = storeStateDirectory,
        UsesXdg = usesXdg,
    };

    // Of another user's home (as sudo leaves it) nothing good can come: files there would belong to us.
    private static string FindHome(string? variable, IMessageLog log)
    {
        if (variable is { Length: > 0 } && (PathStatus.FindTarget(variable) is not { } status || status.User == CurrentUser.Id))
        {
            return variable;
        }

        var known = FindInDatabase();
        if (variable is { Length: > 0 } && known is not null && variable != known)
        {
            log.Write(Verbosity.Warning, $"$HOME ('{variable}') is not owned by you, falling back to the one defined in the 'passwd' file ('{known}')");
        }

        return known ?? variable ?? throw new SessionException(SessionErrors.NoHome, "cannot determine user's home directory");
    }

    private static string? FindInDatabase()
    {
        if (!File.Exists(UserDatabase))
        {
            return null;
        }

        var id = CurrentUser.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return File.ReadLines(UserDatabase).Select(line => line.Split(':'))
            .FirstOrDefault(fields => fields.Length >= 7 && fields[2] == id && fields[5].Length > 0)?[5];
    }
}
