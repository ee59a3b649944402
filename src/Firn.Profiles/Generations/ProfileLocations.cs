namespace Firn.Profiles.Generations;

/// <summary>Where the profiles, channels and default expressions of one user are.</summary>
public sealed record ProfileLocations
{
    /// <summary>Whether the user is root, whose profiles are the machine's.</summary>
    public required bool IsRoot { get; init; }

    public required string Home { get; init; }

    /// <summary>The user's own state directory for Nix, such as <c>~/.local/state/nix</c>.</summary>
    public required string UserStateDirectory { get; init; }

    /// <summary>The store's state directory, such as <c>/nix/var/nix</c>.</summary>
    public required string StoreStateDirectory { get; init; }

    /// <summary>The setting <c>use-xdg-base-directories</c>: nothing right in the home directory.</summary>
    public bool UsesXdg { get; init; }

    /// <summary>The directory that this user's profiles are in.</summary>
    public string ProfilesDirectory => IsRoot ? RootProfilesDirectory : UserStateDirectory + "/profiles";

    public string RootProfilesDirectory => StoreStateDirectory + "/profiles/per-user/root";

    /// <summary>The directory of all profiles that the store knows of.</summary>
    public string StoreProfilesDirectory => StoreStateDirectory + "/profiles";

    /// <summary>The link that shells have in their <c>PATH</c>; it leads to the current profile.</summary>
    public string ProfileLink => UsesXdg ? UserStateDirectory + "/profile" : Home + "/.nix-profile";

    /// <summary>What <see cref="ProfileLink"/> leads to until it is switched.</summary>
    public string UserProfile => ProfilesDirectory + "/profile";

    /// <summary>Root's profile under the name that login scripts know.</summary>
    public string GlobalProfileLink => StoreProfilesDirectory + "/default";

    /// <summary>The profile that the user's channels are installed in.</summary>
    public string ChannelsProfile => ProfilesDirectory + "/channels";

    public string RootChannelsProfile => RootProfilesDirectory + "/channels";

    /// <summary>The file that lists the user's channels.</summary>
    public string ChannelsFile => UsesXdg ? UserStateDirectory + "/channels" : Home + "/.nix-channels";

    /// <summary>The directory of expressions that names on <c>nix-env</c>'s command line are looked up in.</summary>
    public string DefaultExpressions => UsesXdg ? UserStateDirectory + "/defexpr" : Home + "/.nix-defexpr";
}
