using System.Collections.Immutable;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.Derivations;

/// <summary>A derivation as the object that it is in a store.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Text">Its bytes, as <see cref="DerivationAterm"/> writes them; not to be changed.</param>
/// <param name="TextHash">Their hash, from which the path follows.</param>
/// <param name="References">What it refers to, sorted.</param>
/// <param name="Outputs">The outputs whose paths are known before the build.</param>
public sealed record DerivationFile(
    StorePath Path, byte[] Text, Hash TextHash, ImmutableArray<StorePath> References, ImmutableArray<KnownOutput> Outputs)
{
    /// <summary>The address that the path follows from.</summary>
    public ContentAddress Address => new(ContentAddressMethod.Text, TextHash);

    public static DerivationFile Of(Derivation derivation, StoreDirectory directory)
    {
        var text = DerivationAterm.Write(derivation, directory);
        var hash = Hash.Sha256(text);
        var references = derivation.References();
        return new(
            directory.MakeContentAddressed(derivation.Name + ".drv", new ContentAddress(ContentAddressMethod.Text, hash), references),
            text, hash, references, [.. KnownOutput.Of(derivation, directory)]);
    }
}

/// <summary>An output whose path is known before the build.</summary>
public readonly record struct KnownOutput(string Name, StorePath Path)
{
    /// <summary>Lists those of a derivation.</summary>
    public static IEnumerable<KnownOutput> Of(Derivation derivation, StoreDirectory directory)
    {
        foreach (var (name, output) in derivation.Outputs)
        {
            if (output.FindPath(directory, derivation.Name, name) is { } known)
            {
                yield return new(name, known);
            }
        }
    }
}
