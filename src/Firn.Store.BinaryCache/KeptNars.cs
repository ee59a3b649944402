using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Store.BinaryCache;

/// <summary>Keeps in a folder what it reads of another, as <c>local-nar-cache</c> asks for; under the names that C++ Nix uses too.</summary>
public sealed class KeptNars(INarSource inner, IPathInfoSource infos, StoreDirectory directory, string folder) : INarSource
{
    public void WriteNar(StorePath path, Stream output)
    {
        var file = $"{folder}/{infos.Get(path, directory).NarHash.Digest(HashFormat.Nix32)}.nar";
        if (!PathStatus.Exists(file))
        {
            FilePath.CreateDirectories(folder);
            var temporary = $"{file}.tmp-{Environment.ProcessId}-{Guid.NewGuid():n}";
            try
            {
                using (var stream = new BufferedStream(FileHandle.CreateNew(temporary, 0x1b6), 64 * 1024))
                {
                    inner.WriteNar(path, stream);
                }

                FilePath.Rename(temporary, file);
            }
            catch
            {
                FilePath.TryRemove(temporary);
                throw;
            }
        }

        using var kept = FileHandle.OpenRead(file);
        kept.CopyTo(output, 128 * 1024);
    }
}
