using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Store.Closures;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Store.Exporting;

/// <summary>Writes objects with what is recorded about them, as <c>nix-store --export</c> does.</summary>
public static class Exporter
{
    /// <summary>Writes objects, each after those that it refers to.</summary>
    /// <exception cref="StoreException">One is not valid, or not as it was added.</exception>
    public static void Export(
        IEnumerable<StorePath> paths, IPathInfoSource infos, INarSource nars, StoreDirectory directory, Stream output)
    {
        foreach (var path in Closure.Sort(paths, infos, directory).Reverse())
        {
            ExportFormat.WriteNumber(output, 1);
            Export(path, infos, nars, directory, output);
        }

        ExportFormat.WriteNumber(output, 0);
        output.Flush();
    }

    private static void Export(StorePath path, IPathInfoSource infos, INarSource nars, StoreDirectory directory, Stream output)
    {
        var info = infos.Get(path, directory);
        using var hash = new HashStream(HashAlgorithm.Sha256);
        nars.WriteNar(path, new HashingStream(output, hash));
        // Damage must not spread to other machines.
        if (hash.Finish() is var found && !found.Equals(info.NarHash) && !info.NarHash.Equals(Hash.Zero(HashAlgorithm.Sha256)))
        {
            throw new StoreException(
                StoreErrors.HashMismatch, $"hash of path '{directory.Absolute(path)}' has changed from '{info.NarHash}' to '{found}'!",
                hints: $"'nix-store --repair-path {directory.Absolute(path)}' makes it anew");
        }

        ExportFormat.WriteNumber(output, ExportFormat.Magic);
        ExportFormat.WriteString(output, directory.Absolute(path));
        ExportFormat.WriteNumber(output, info.References.Length);
        foreach (var reference in info.References)
        {
            ExportFormat.WriteString(output, directory.Absolute(reference));
        }

        ExportFormat.WriteString(output, info.Deriver is { } deriver ? directory.Absolute(deriver) : "");
        // There once was a signature here.
        ExportFormat.WriteNumber(output, 0);
    }
}
