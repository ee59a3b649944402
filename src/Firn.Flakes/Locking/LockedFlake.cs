using Firn.Flakes.Resolving;

namespace Firn.Flakes.Locking;

/// <summary>A flake of which is known what all its inputs are.</summary>
/// <param name="Flake">The flake.</param>
/// <param name="Lock">Its inputs.</param>
/// <param name="Places">Those of them that were fetched to find that out, and where they are.</param>
/// <param name="IsChanged">Whether the flake's own lock file says something else, so that no revision stands for what is evaluated.</param>
public sealed record LockedFlake(FetchedFlake Flake, LockFile Lock, IReadOnlyDictionary<LockNode, FlakePlace> Places, bool IsChanged);
