using Firn.Archive.Nars;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store;

namespace Firn.Daemon.Client;

/// <summary>Derivations as the objects that they are in a store.</summary>
internal static class DerivationObject
{
    public static (PathInfo Info, Action<Stream> WriteNar) Of(DerivationFile file)
    {
        var nar = NarOfFile.Hash(file.Text);
        var info = new PathInfo
        {
            Path = file.Path,
            NarHash = nar.Hash,
            NarSize = nar.Size,
            References = file.References,
            ContentAddress = file.Address,
        };
        return (info, output =>
        {
            var writer = new NarWriter(output);
            writer.BeginFile(isExecutable: false, file.Text.Length);
            writer.Write(file.Text);
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
