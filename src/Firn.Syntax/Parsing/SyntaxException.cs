using Firn.Model.Diagnostics;

namespace Firn.Syntax.Parsing;

/// <summary>Carries the first error from where it is found to <see cref="Parser"/>'s door; it never leaves this room.</summary>
/// <param name="diagnostic">What is wrong.</param>
/// <param name="mayFollow">Whether it may only be what follows from a quote or a bracket that was forgotten further up.</param>
internal sealed class SyntaxException(Diagnostic diagnostic, bool mayFollow = false) : FirnException(diagnostic)
{
    internal bool MayFollow { get; } = mayFollow;
}
