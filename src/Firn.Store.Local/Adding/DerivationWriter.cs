using Firn.Archive.Nars;
using Firn.Model.Derivations;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Store.Local.Database;
using Firn.Store.Local.Rooting;

namespace Firn.Store.Local.Adding;

/// <summary>Adds many derivations at once: all files, then one transaction.</summary>
/// <remarks>Without lock files, which would be most of the cost: a derivation's path follows from its bytes, so that
/// writers of the same one write the same, each to a file of its own that then takes the place in one step.</remarks>
internal sealed class DerivationWriter(StoreLayout layout, StoreDatabase database, TemporaryRoots roots, StoreWriter writer)
{
    internal void Add(IReadOnlyList<DerivationFile> files, bool repair)
    {
        roots.Add(files.Select(f => f.Path));
        var added = new HashSet<StorePath>(files.Count);
        var registrations = new List<Registration>();
        using var directory = DirectoryHandle.OpenFollowing(layout.RealStoreDirectory);
        foreach (var file in files)
        {
            if (!added.Add(file.Path) || (!repair && database.IsValid(file.Path)))
            {
                continue;
            }

            WriteFile(directory, file.Path, file.Text);
            var nar = NarOfFile.Hash(file.Text);
            registrations.Add(new Registration(
                new PathInfo
                {
                    Path = file.Path,
                    NarHash = nar.Hash,
                    NarSize = nar.Size,
                    References = file.References,
                    ContentAddress = file.Address,
                },
                file.Outputs));
        }

        if (registrations.Count > 0)
        {
            writer.OptimiseAdded(registrations.Select(r => layout.RealPath(r.Info.Path)), repair);
            database.Register(registrations);
        }
    }

    private void WriteFile(DirectoryHandle directory, StorePath path, byte[] text)
    {
        try
        {
            NarOfFile.Write(directory, path.ToString(), text, writer.RestoreOptions);
            return;
        }
        catch (SystemCallException e) when (e.Error == Errno.Exists)
        {
            // Left behind by a process that died, damaged, or being written by another process now.
        }

        // A name with the digest in front is protected from the collector by the temporary root of the path itself.
        var temporary = $"{path}.tmp-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}";
        FileTree.Delete($"{layout.RealStoreDirectory}/{temporary}");
        NarOfFile.Write(directory, temporary, text, writer.RestoreOptions);
        if (PathStatus.Find(layout.RealPath(path)) is { IsDirectory: true })
        {
            FileTree.Delete(layout.RealPath(path));
        }

        FilePath.Rename($"{layout.RealStoreDirectory}/{temporary}", layout.RealPath(path));
    }
}
