namespace Firn.Model.Diagnostics;

/// <summary>What an activity does; the numbers are those of the JSON log.</summary>
public enum ActivityKind
{
    Unknown = 0,
    CopyPath = 100,
    FileTransfer = 101,
    Realise = 102,
    CopyPaths = 103,

    /// <summary>All builds together; its progress counts them.</summary>
    Builds = 104,

    /// <summary>One build; fields: derivation, machine, round, rounds.</summary>
    Build = 105,
    OptimiseStore = 106,
    VerifyPaths = 107,
    Substitute = 108,
    QueryPathInfo = 109,
    PostBuildHook = 110,
    BuildWaiting = 111,
    FetchTree = 112,
}

/// <summary>What is told about an activity while it goes on; the numbers are those of the JSON log.</summary>
public enum ActivityEvent
{
    FileLinked = 100,

    /// <summary>A line that a build printed; field: the line.</summary>
    BuildLogLine = 101,
    UntrustedPath = 102,
    CorruptedPath = 103,

    /// <summary>A build enters a phase; field: its name.</summary>
    SetPhase = 104,

    /// <summary>Fields: done, expected, running, failed.</summary>
    Progress = 105,

    /// <summary>Fields: kind of activity, number expected.</summary>
    SetExpected = 106,
    PostBuildLogLine = 107,
    FetchStatus = 108,
}

/// <summary>A message log that is also told what takes time, and how far it is; all members may be called from any thread.</summary>
public interface IActivityLog : IMessageLog
{
    /// <summary>Begins an activity and returns its number; fields are texts or whole numbers.</summary>
    /// <param name="level">From which level on <paramref name="text"/> is shown, with <c>...</c> behind it.</param>
    /// <param name="kind">What is done.</param>
    /// <param name="text">What is done, for a person; may be empty.</param>
    /// <param name="parent">The activity of which this is a part, or 0.</param>
    /// <param name="fields">What <paramref name="kind"/> says.</param>
    ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields);

    /// <summary>Tells something about an activity that has begun.</summary>
    void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields);

    /// <summary>Ends an activity.</summary>
    void Stop(ulong activity);
}

/// <summary>A text or a number.</summary>
public readonly record struct ActivityField(string? Text, long Number)
{
    public static implicit operator ActivityField(string text) => new(text, 0);

    public static implicit operator ActivityField(long number) => new(null, number);

    public static ActivityField FromString(string text) => text;

    public static ActivityField FromInt64(long number) => number;
}
