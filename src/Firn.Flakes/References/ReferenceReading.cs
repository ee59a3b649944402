using Firn.Model.Diagnostics;

namespace Firn.Flakes.References;

/// <summary>How a reference that somebody typed is read.</summary>
/// <param name="BaseDirectory">Where relative paths start; null where none are allowed.</param>
/// <param name="AllowsMissing">Whether a path need not have a <c>flake.nix</c>, as before <c>nix flake init</c>.</param>
/// <param name="IsFlake">Whether a flake is meant, and not just any file or tree.</param>
/// <param name="KeepsRelativePaths">Whether a relative path stays one, as in a flake's own inputs.</param>
/// <param name="Log">Hears what was made of a path.</param>
public sealed record ReferenceReading(
    string? BaseDirectory = null, bool AllowsMissing = false, bool IsFlake = true, bool KeepsRelativePaths = false, IMessageLog? Log = null);
