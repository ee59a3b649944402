using Firn.Model.Derivations;

namespace Firn.Cli.Installables;

/// <summary>Something that a command can work on: an object of the store, or what an expression makes.</summary>
internal abstract class Installable
{
    /// <summary>How it was written.</summary>
    public abstract string What { get; }

    /// <summary>Returns what the store has to provide for it.</summary>
    public abstract IReadOnlyList<DerivedPath> DerivedPaths();
}

/// <summary>An object of the store, or outputs of a derivation in it.</summary>
internal sealed class StoreInstallable(string what, DerivedPath path) : Installable
{
    public override string What { get; } = what;

    public override IReadOnlyList<DerivedPath> DerivedPaths() => [path];
}
