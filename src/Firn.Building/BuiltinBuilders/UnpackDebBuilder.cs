using Firn.Archive.Tarballs;
using Firn.Platform.Files;

namespace Firn.Building.BuiltinBuilders;

/// <summary><c>builtin:unpack-deb</c>: the files of a Debian package, from which the first tools of the embedded packages come.</summary>
internal static class UnpackDebBuilder
{
    public static void Run(BuiltinBuild build)
    {
        using var package = build.OpenFile(build.Attribute("src"));
        FilePath.CreateDirectories(build.Output);
        Unpacker.Unpack(DebReader.Read(package), new FolderUnpackTarget(build.Output));
    }
}
