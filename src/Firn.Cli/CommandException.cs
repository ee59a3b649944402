using Firn.Model.Diagnostics;

namespace Firn.Cli;

/// <summary>The command line was understood, and what it asks for cannot be done: no help text would help.</summary>
internal sealed class CommandException(string message, params string[] hints)
    : FirnException(new Diagnostic(CliErrors.Failed, message) { Hints = [.. hints] });
