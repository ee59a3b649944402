namespace Firn.Model.Diagnostics;

/// <summary>How much a message matters; <c>-v</c> shows one level more.</summary>
public enum Verbosity
{
    Error,
    Warning,
    Notice,
    Info,
    Talkative,
    Chatty,
    Debug,
    Vomit,
}

/// <summary>Takes what a room wants a person to know while it works; the command line shows it.</summary>
public interface IMessageLog
{
    /// <summary>Tells whether messages of this level are shown, so that dear ones need not be made.</summary>
    bool Shows(Verbosity level);

    /// <summary>Shows one message; warnings get their <c>warning:</c> from the one who shows them.</summary>
    void Write(Verbosity level, string message);
}

/// <summary>Shows nothing.</summary>
public sealed class NoMessageLog : IMessageLog
{
    private NoMessageLog() { }

    public static NoMessageLog Instance { get; } = new();

    public bool Shows(Verbosity level) => false;

    public void Write(Verbosity level, string message) { }
}
