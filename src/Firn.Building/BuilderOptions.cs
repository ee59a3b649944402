using System.Collections.Immutable;
using Firn.Building.Running;
using Firn.Model.Signing;

namespace Firn.Building;

/// <summary>What decides about builds besides their settings; the session knows it.</summary>
public sealed record BuilderOptions
{
    /// <summary>Whether all that builders print is shown, so that failures need not show the end of it.</summary>
    public bool ShowsBuildLogs { get; init; }

    /// <summary>The shell that is opened in the place of a build that failed; null for none.</summary>
    public DebugShell? DebugShell { get; init; }

    /// <summary>Whether people have the command <c>nix log</c>.</summary>
    public bool HasNixCommand { get; init; }

    /// <summary>Whether outputs may be named by their content (<c>ca-derivations</c>).</summary>
    public bool AllowsContentAddressing { get; init; }

    /// <summary>Whether derivations may be built anew each time (<c>impure-derivations</c>).</summary>
    public bool AllowsImpure { get; init; }

    /// <summary>Whether objects may be taken from other stores (<c>substitute</c>).</summary>
    public bool UsesSubstitutes { get; init; } = true;

    /// <summary>The keys that sign what is built here.</summary>
    public ImmutableArray<SecretKey> Keys { get; init; } = [];

    /// <summary>The certificates that builds with a network find in their <c>/etc/ssl/certs</c>, or null.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The file with logins that <c>builtin:fetchurl</c> uses, or null.</summary>
    public string? NetrcFile { get; init; }

    /// <summary>Builds on other machines; null when there are none.</summary>
    public Remote.RemoteBuilds? Remote { get; init; }

    /// <summary>Answers builders that work with the store themselves (<c>recursive-nix</c>); null where nobody does.</summary>
    public Nesting.INestedDaemon? NestedDaemon { get; init; }

    /// <summary>The environment of this process, for hooks.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Writes the settings in force as <c>nix.conf</c> has them, for hooks.</summary>
    public Func<string> WriteConfiguration { get; init; } = () => "";
}
