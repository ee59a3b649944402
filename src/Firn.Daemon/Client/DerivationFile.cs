using Firn.Archive.Nars;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store;

namespace Firn.Daemon.Client;

/// <summary>Derivations as the objects that they are in a store.</summary>
internal static class DerivationFile
{
    public static (PathInfo Info, Action<Stream> WriteNar) Write(Derivation derivation, StoreDirectory directory)
    {
        var text = DerivationAterm.Write(derivation, directory);
        var address = new ContentAddress(ContentAddressMethod.Text, Hash.Sha256(text));
        var nar = NarOfFile.Hash(text);
        var info = new PathInfo
        {
            Path = directory.MakeContentAddressed(derivation.Name + ".drv", address, derivation.References()),
            NarHash = nar.Hash,
            NarSize = nar.Size,
            References = derivation.References(),
            ContentAddress = address,
        };
        return (info, output =>
        {
            var writer = new NarWriter(output);
            writer.BeginFile(isExecutable: false, text.Length);
            writer.Write(text);
            writer.EndFile();
            writer.Finish();
        });
    }

    public static Derivation Read(StorePath path, byte[] text, StoreDirectory directory)
    {
        if (!path.IsDerivation)
        {
            throw new StoreException(StoreErrors.BadDerivation, $"path '{directory.Absolute(path)}' is not a derivation");
        }

        try
        {
            return DerivationAterm.Read(text, path.Name[..^4], directory);
        }
        catch (InvalidFormatException e)
        {
            throw new StoreException(StoreErrors.BadDerivation, $"error parsing derivation '{directory.Absolute(path)}': {e.Message}", e);
        }
    }
}
