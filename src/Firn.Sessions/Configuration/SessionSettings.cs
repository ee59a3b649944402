using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Sessions.Configuration;

/// <summary>What every command needs to know, whatever it does.</summary>
public sealed partial record SessionSettings
{
    /// <summary>The store to work on.</summary>
    [Setting("store")]
    public string Store { get; init; } = "auto";

    /// <summary>The store that evaluation writes to, when it is not the one to work on.</summary>
    [Setting("eval-store")]
    public string EvalStore { get; init; } = "";

    /// <summary>Features that are still to be decided on, switched on.</summary>
    [Setting("experimental-features", Form = typeof(FeatureSetForm))]
    public ImmutableSortedSet<string> ExperimentalFeatures { get; init; } = SettingForm.NoWords;

    /// <summary>Show what led to an error in the language.</summary>
    [Setting("show-trace")]
    public bool ShowTrace { get; init; }

    /// <summary>A file or socket that gets a record of what happens, in JSON.</summary>
    [Setting("json-log-path")]
    public string? JsonLogPath { get; init; }

    /// <summary>Keep profiles and channels where the XDG specification wants them.</summary>
    [Setting("use-xdg-base-directories")]
    public bool UseXdgBaseDirectories { get; init; }

    /// <summary>Store files whose names differ in case only under distinct names.</summary>
    [Setting("use-case-hack")]
    public bool UseCaseHack { get; init; }

    /// <summary>Users who may do with the store whatever root may.</summary>
    [Setting("trusted-users")]
    public ImmutableArray<string> TrustedUsers { get; init; } = ["root"];

    /// <summary>Users who may use the daemon.</summary>
    [Setting("allowed-users")]
    public ImmutableArray<string> AllowedUsers { get; init; } = ["*"];

    /// <summary>Plug-ins for C++ Nix; Firn loads none.</summary>
    [Setting("plugin-files")]
    public ImmutableArray<string> PluginFiles { get; init; } = [];

    /// <summary>Follow the settings that a flake brings, without asking.</summary>
    [Setting("accept-flake-config")]
    public bool AcceptFlakeConfig { get; init; }

    /// <summary>The summary of the commit that updates a lock file.</summary>
    [Setting("commit-lock-file-summary", Aliases = ["commit-lockfile-summary"])]
    public string CommitLockFileSummary { get; init; } = "";

    /// <summary>Look flakes up in registries.</summary>
    [Setting("use-registries")]
    public bool UseRegistries { get; init; } = true;

    /// <summary>Keep derivations in user environments.</summary>
    [Setting("keep-env-derivations", Aliases = ["env-keep-derivations"])]
    public bool KeepEnvDerivations { get; init; }

    /// <summary>Let nix-shell look for shell.nix in directories given to it.</summary>
    [Setting("nix-shell-always-looks-for-shell-nix")]
    public bool NixShellAlwaysLooksForShellNix { get; init; } = true;

    /// <summary>Resolve paths in a script's first line relative to the script.</summary>
    [Setting("nix-shell-shebang-arguments-relative-to-script")]
    public bool NixShellShebangArgumentsRelativeToScript { get; init; } = true;

    /// <summary>The prompt in development shells.</summary>
    [Setting("bash-prompt")]
    public string BashPrompt { get; init; } = "";

    /// <summary>What to put before the prompt in development shells.</summary>
    [Setting("bash-prompt-prefix")]
    public string BashPromptPrefix { get; init; } = "";

    /// <summary>What to put behind the prompt in development shells.</summary>
    [Setting("bash-prompt-suffix")]
    public string BashPromptSuffix { get; init; } = "";

    /// <summary>Where to learn the store path of the newest version.</summary>
    [Setting("upgrade-nix-store-path-url")]
    public string UpgradeNixStorePathUrl { get; init; } = "https://github.com/NixOS/nixpkgs/raw/master/nixos/modules/installer/tools/nix-fallback-paths.nix";

    /// <summary>Warn when an object larger than this many bytes is copied to the store; 0 never does.</summary>
    [Setting("warn-large-path-threshold")]
    public long WarnLargePathThreshold { get; init; }
}
