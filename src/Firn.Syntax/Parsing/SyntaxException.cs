using Firn.Model.Diagnostics;

namespace Firn.Syntax.Parsing;

/// <summary>Carries the first error from where it is found to <see cref="Parser"/>'s door; it never leaves this room.</summary>
internal sealed class SyntaxException(Diagnostic diagnostic) : FirnException(diagnostic);
