namespace Firn.Model.Diagnostics;

/// <summary>What the user typed (an argument, a setting) cannot be followed.</summary>
public sealed class UsageException(string message, params string[] hints)
    : FirnException(new Diagnostic(ModelErrors.Usage, message) { Hints = [.. hints] });
