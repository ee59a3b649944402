using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Building.Planning;

/// <summary>The path that a derivation has in a store.</summary>
public static class DerivationPaths
{
    /// <summary>Computes it, without writing the derivation.</summary>
    public static StorePath Of(Derivation derivation, StoreDirectory directory) => directory.MakeContentAddressed(
        derivation.Name + ".drv",
        new ContentAddress(ContentAddressMethod.Text, Hash.Sha256(DerivationAterm.Write(derivation, directory))),
        derivation.References());
}
