using Firn.Flakes.Files;
using Firn.Flakes.References;
using Firn.Model.Text;

namespace Firn.Flakes.Locking;

/// <summary>A flake, or one of the inputs, in a lock file; the one at the top is not locked itself.</summary>
/// <param name="locked">What it is; null at the top.</param>
public sealed class LockNode(LockedInput? locked)
{
    public LockedInput? Locked { get; } = locked;

    /// <summary>Its inputs, by name.</summary>
    public SortedDictionary<string, LockEdge> Inputs { get; } = new(Utf8Order.Comparer);
}

/// <summary>What exactly an input is.</summary>
/// <param name="Reference">The tree, with its hash.</param>
/// <param name="Original">How the flake asks for it.</param>
/// <param name="IsFlake">Whether its <c>flake.nix</c> counts.</param>
/// <param name="Parent">The input whose tree a relative path starts in; null for what is no relative path.</param>
public sealed record LockedInput(FlakeReference Reference, FlakeReference Original, bool IsFlake, InputPath? Parent);

/// <summary>What an input's name leads to.</summary>
public abstract record LockEdge
{
    private LockEdge() { }

    /// <summary>An input of its own.</summary>
    public sealed record Own(LockNode Node) : LockEdge;

    /// <summary>The same as another, seen from the top.</summary>
    public sealed record Same(InputPath As) : LockEdge;
}
