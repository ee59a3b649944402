using System.Text;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.Derivations;

/// <summary>What stands in a derivation for a store path that is not known yet.</summary>
/// <param name="Hash">What tells it from others.</param>
public sealed record Placeholder(Hash Hash)
{
    /// <summary>Stands for the path of the derivation's own output, as <c>builtins.placeholder</c> gives it.</summary>
    public static Placeholder OfOutput(string output) => Of("nix-output:" + output);

    /// <summary>Stands for an output of a derivation whose path follows from its content.</summary>
    public static Placeholder OfInput(StorePath derivation, string output) =>
        Of($"nix-upstream-output:{derivation.Digest}:{OutputName.PathName(derivation.Name[..^".drv".Length], output)}");

    /// <summary>Stands for an output of the derivation that <paramref name="derivation"/> stands for.</summary>
    public static Placeholder OfDynamic(Placeholder derivation, string output) =>
        Of($"nix-computed-output:{Nix32.Encode(derivation.Hash.Fold(20))}:{output}");

    /// <summary>Stands for the object that <paramref name="path"/> will be.</summary>
    public static Placeholder Of(SingleDerivedPath.Built path) => path.Derivation is SingleDerivedPath.Built inner
        ? OfDynamic(Of(inner), path.Output)
        : OfInput(path.Derivation.BasePath, path.Output);

    /// <summary>Writes the text that is replaced later; it has the form of an absolute path.</summary>
    public override string ToString() => "/" + Hash.Digest(HashFormat.Nix32);

    private static Placeholder Of(string text) => new(Hash.Sha256(Encoding.UTF8.GetBytes(text)));
}
