using Firn.Platform.Files;

namespace Firn.Archive.Tarballs;

/// <summary>Unpacks into a folder on the disk, which must be empty and out of others' reach.</summary>
/// <remarks>Of a file's mode only whether it can be executed is kept, as in a store.</remarks>
public sealed class FolderUnpackTarget(string folder) : IUnpackTarget
{
    private const int ReadWrite = 0b110_000_000;
    private const int ReadWriteExecute = 0b111_000_000;

    public void AddDirectory(string path) => FilePath.CreateDirectory(At(path), ReadWriteExecute);

    public void AddFile(string path, bool isExecutable, Stream content)
    {
        using var file = FileHandle.CreateNew(At(path), isExecutable ? ReadWriteExecute : ReadWrite);
        content.CopyTo(file);
    }

    public void AddSymlink(string path, string target) => SymbolicLink.Create(At(path), target);

    public void AddCopy(string path, string of)
    {
        var status = PathStatus.Get(At(of));
        if (status.IsSymlink)
        {
            SymbolicLink.Create(At(path), SymbolicLink.Read(At(of)));
            return;
        }

        using var source = FileHandle.OpenRead(At(of));
        AddFile(path, status.IsExecutable, source);
    }

    public void Remove(string path) => FilePath.Remove(At(path));

    private string At(string path) => $"{folder}/{path}";
}
