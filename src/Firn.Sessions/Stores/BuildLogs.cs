using Firn.Archive.Compression;
using Firn.Model.StorePaths;
using Firn.Store.Local;

namespace Firn.Sessions.Stores;

/// <summary>Finds the logs of builds.</summary>
public static class BuildLogs
{
    /// <summary>Opens the log of the build that made <paramref name="path"/>, a derivation or an output; null where there is none.</summary>
    public static Stream? Find(LocalStore store, StorePath path)
    {
        var derivation = path.IsDerivation ? path : store.Find(path)?.Deriver;
        if (derivation is null)
        {
            return null;
        }

        var file = store.Layout.LogPath(derivation);
        return File.Exists(file)
            ? File.OpenRead(file)
            : File.Exists(file + ".bz2")
                ? CompressedStream.OpenRead(File.OpenRead(file + ".bz2"), CompressionMethod.Bzip2)
                : null;
    }
}
