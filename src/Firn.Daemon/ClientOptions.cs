using System.Collections.Immutable;
using Firn.Model.Diagnostics;

namespace Firn.Daemon;

/// <summary>What a client wants of a daemon for all that it asks after.</summary>
public sealed record ClientOptions
{
    public bool KeepFailed { get; init; }

    public bool KeepGoing { get; init; }

    public bool Fallback { get; init; }

    /// <summary>Which messages are sent.</summary>
    public Verbosity Verbosity { get; init; } = Verbosity.Info;

    public int MaxJobs { get; init; } = 1;

    /// <summary>In seconds; 0 for ever.</summary>
    public long MaxSilentTime { get; init; }

    /// <summary>Whether all that builders print is shown.</summary>
    public bool ShowsBuildLogs { get; init; }

    public int Cores { get; init; }

    public bool UsesSubstitutes { get; init; } = true;

    /// <summary>Settings by name, each with its whole value.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Settings { get; init; } = [];
}
