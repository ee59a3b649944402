using Firn.Archive.Tarballs;
using Firn.Platform.Files;

namespace Firn.Building.BuiltinBuilders;

/// <summary><c>builtin:unpack-channel</c>: unpacks an archive that holds one folder, and gives that another name.</summary>
internal static class UnpackChannelBuilder
{
    public static void Run(BuiltinBuild build)
    {
        var name = build.Attribute("channelName");
        if (name.Contains('/') || name is "" or "." or "..")
        {
            throw BuiltinBuild.Failed($"channelName is not allowed to contain filesystem separators, got \"{name}\"");
        }

        var source = build.Attribute("src");
        using (var archive = build.OpenFile(source))
        {
            FilePath.CreateDirectories(build.Output);
            Unpacker.Unpack(ArchiveReader.Read(archive), new FolderUnpackTarget(build.Output));
        }

        var entries = Directory.GetFileSystemEntries(build.Output);
        if (entries.Length != 1)
        {
            throw BuiltinBuild.Failed(entries.Length == 0
                ? $"channel tarball '{source}' is empty"
                : $"channel tarball '{source}' contains more than one file");
        }

        if (Path.GetFileName(entries[0]) != name)
        {
            FilePath.Rename(entries[0], $"{build.Output}/{name}");
        }
    }
}
