using Firn.Archive.Compression;
using Firn.Model.StorePaths;
using Firn.Store.Builds;

namespace Firn.Daemon.Client;

/// <summary>The logs of a daemon on this machine, which are files that all can read; new ones go through the daemon.</summary>
/// <param name="store">The daemon's store.</param>
/// <param name="findFile">Gives the file of a derivation's log, without a suffix; null when logs cannot be read here.</param>
public sealed class FileLogs(DaemonStore store, Func<StorePath, string>? findFile) : IBuildLogs
{
    public Stream? FindLog(StorePath path)
    {
        var derivation = path.IsDerivation ? path : store.Find(path)?.Deriver;
        if (derivation is null || findFile is null)
        {
            return null;
        }

        var file = findFile(derivation);
        return File.Exists(file)
            ? File.OpenRead(file)
            : File.Exists(file + ".bz2")
                ? CompressedStream.OpenRead(File.OpenRead(file + ".bz2"), CompressionMethod.Bzip2)
                : null;
    }

    public void AddLog(StorePath derivation, Stream log) => store.AddLog(derivation, log);
}
