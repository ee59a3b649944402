namespace Firn.Model.Diagnostics;

/// <summary>The one root of the failures that the system reports; anything else that escapes is a bug.</summary>
public abstract class FirnException(Diagnostic diagnostic, Exception? inner = null)
    : Exception(diagnostic.Message, inner)
{
    private Diagnostic? _told;
    private Func<Diagnostic, Diagnostic>? _locate;

    /// <summary>Everything that is known about the failure; found out when somebody asks.</summary>
    public Diagnostic Diagnostic => _told ??= _locate is { } locate ? locate(Explain(diagnostic)) : Explain(diagnostic);

    /// <summary>The kind of failure.</summary>
    public ErrorCode Kind => diagnostic.Code;

    /// <summary>The status that a process ends with when this failure ends it.</summary>
    public virtual int ExitStatus => 1;

    /// <summary>Lets somebody further out, who knows what was going on, say where it happened; the first who does counts.</summary>
    public void Locate(Func<Diagnostic, Diagnostic> locate) => _locate ??= locate;

    /// <summary>Adds to a diagnostic what is too dear to be found out for a failure that nobody sees.</summary>
    protected virtual Diagnostic Explain(Diagnostic summary) => summary;
}

/// <summary>Some text is not in the form that its kind asks for.</summary>
public sealed class InvalidFormatException : FirnException
{
    public InvalidFormatException(string kind, string text, string problem)
        : base(new Diagnostic(ModelErrors.InvalidFormat, $"'{text}' is not a valid {kind}: {problem}"))
    {
    }

    /// <summary>For text too long or too binary to be quoted.</summary>
    public InvalidFormatException(string kind, string problem)
        : base(new Diagnostic(ModelErrors.InvalidFormat, $"invalid {kind}: {problem}"))
    {
    }
}

/// <summary>The error codes of this room.</summary>
public static class ModelErrors
{
    public static ErrorCode InvalidFormat { get; } = new("model/invalid-format");

    public static ErrorCode Usage { get; } = new("model/usage");
}
