using Firn.Archive.Compression;
using Firn.Building;
using Firn.Building.Planning;
using Firn.Building.Scheduling;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store.Builds;
using Firn.Store.Local;

namespace Firn.Sessions.Stores;

/// <summary>The logs of builds that a store on this disk keeps.</summary>
internal sealed class LocalLogs(LocalStore store) : IBuildLogs
{
    public Stream? FindLog(StorePath path)
    {
        var derivation = path.IsDerivation ? path : store.Find(path)?.Deriver;
        if (derivation is null)
        {
            return null;
        }

        return Open(derivation) ?? (Resolved(derivation) is { } resolved ? Open(resolved) : null);
    }

    private Stream? Open(StorePath derivation)
    {
        var file = store.Layout.LogPath(derivation);
        return File.Exists(file)
            ? File.OpenRead(file)
            : File.Exists(file + ".bz2")
                ? CompressedStream.OpenRead(File.OpenRead(file + ".bz2"), CompressionMethod.Bzip2)
                : null;
    }

    // What was built of a derivation with floating inputs is the one that names what they became.
    private StorePath? Resolved(StorePath path)
    {
        if (!store.IsValid(path))
        {
            return null;
        }

        var derivation = store.Read(path);
        if (!derivation.Outputs.Any(o => o.Output is DerivationOutput.FloatingContent or DerivationOutput.Deferred) || derivation.InputDerivations.IsEmpty)
        {
            return null;
        }

        var known = new KnownOutputs(store, new DerivationSources(store, null), allowsContentAddressing: true);
        return DerivationResolver.Resolve(derivation, store.Directory, known.FindPath) is { } resolved
            ? DerivationPaths.Of(resolved, store.Directory)
            : null;
    }

    public void AddLog(StorePath derivation, Stream log)
    {
        var file = store.Layout.LogPath(derivation) + ".bz2";
        if (File.Exists(file))
        {
            log.CopyTo(Stream.Null);
            return;
        }

        FilePath.CreateDirectories(Path.GetDirectoryName(file)!);
        var temporary = $"{file}.tmp.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        using (var compressed = CompressedStream.OpenWrite(File.Create(temporary), CompressionMethod.Bzip2))
        {
            log.CopyTo(compressed);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
