using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.Derivations;

/// <summary>How the path of one output of a derivation is found.</summary>
public abstract record DerivationOutput
{
    private DerivationOutput() { }

    /// <summary>The path follows from the inputs, so it is known before the build.</summary>
    public sealed record InputAddressed(StorePath Path) : DerivationOutput;

    /// <summary>The path follows from a hash that the author wrote down.</summary>
    public sealed record FixedContent(ContentAddress Address) : DerivationOutput;

    /// <summary>The path follows from what the build produces.</summary>
    public sealed record FloatingContent(ContentAddressMethod Method, HashAlgorithm Algorithm) : DerivationOutput;

    /// <summary>The path will follow from the inputs once those that float are known.</summary>
    public sealed record Deferred : DerivationOutput;

    /// <summary>The output is made anew each time and its content decides the path.</summary>
    public sealed record Impure(ContentAddressMethod Method, HashAlgorithm Algorithm) : DerivationOutput;

    /// <summary>Returns the path where it is known before the build, else null.</summary>
    public StorePath? FindPath(StoreDirectory directory, string derivationName, string outputName) => this switch
    {
        InputAddressed known => known.Path,
        FixedContent content => directory.MakeContentAddressed(OutputName.PathName(derivationName, outputName), content.Address, []),
        _ => null,
    };
}
