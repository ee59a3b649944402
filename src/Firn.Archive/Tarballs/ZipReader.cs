using System.IO.Compression;
using System.Text;

namespace Firn.Archive.Tarballs;

/// <summary>Reads zip archives, with the modes and symbolic links that Unix tools put into them.</summary>
public static class ZipReader
{
    private const int TypeMask = 0xf000, SymlinkType = 0xa000, DirectoryType = 0x4000, OwnerMayExecute = 0x40;

    /// <summary>Yields the members in the order of the archive's directory, which stands at its end.</summary>
    /// <exception cref="TarballException">The archive is damaged or reaches outside its folder.</exception>
    public static IEnumerable<ArchiveEntry> Read(Stream seekable)
    {
        using var archive = Guard(() => new ZipArchive(seekable, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8));
        foreach (var entry in Guard(() => archive.Entries))
        {
            var mode = (int)((uint)entry.ExternalAttributes >> 16);
            var path = MemberPath.Normalise(entry.FullName.Replace('\\', '/'));
            var time = new DateTimeOffset(entry.LastWriteTime.DateTime, TimeSpan.Zero).ToUnixTimeSeconds();
            if (entry.FullName.EndsWith('/') || (mode & TypeMask) == DirectoryType)
            {
                yield return new ArchiveEntry.Directory(path, time);
                continue;
            }

            using var content = Guard(entry.Open);
            yield return (mode & TypeMask) == SymlinkType
                ? new ArchiveEntry.Symlink(path, time, MemberPath.CheckTarget(ReadTarget(content), path))
                : new ArchiveEntry.File(path, time, (mode & OwnerMayExecute) != 0, content);
        }
    }

    private static string ReadTarget(Stream content)
    {
        var bytes = new byte[MemberPath.MaxTargetLength + 1];
        return MemberPath.Decode(bytes.AsSpan(0, Guard(() => content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false))));
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new TarballException($"the zip archive is damaged: {e.Message}");
        }
    }
}
