using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Firn.Archive.Compression;
using Firn.Archive.Tarballs;

namespace Firn.Tests.Archive.Tarballs;

public sealed class DebReaderTests
{
    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    public void The_files_of_a_package_come_out_however_they_are_compressed(CompressionMethod method)
    {
        var package = Package("2.0\n", ("control.tar.gz", [1, 2, 3]), ($"data.tar{method.Ending()}", Data(method)));

        Assert.Equal(["usr/", "usr/bin/", "usr/bin/tool* (#!/bin/sh)", "usr/bin/alias -> tool"], List(package));
    }

    [Fact]
    public void Members_after_the_files_do_not_matter() =>
        Assert.NotEmpty(List(Package("2.0\n", ("data.tar", Data(CompressionMethod.None)), ("_extra", [7]))));

    [Theory]
    [InlineData("3.0\n")]
    [InlineData("")]
    public void Another_format_is_refused(string version) =>
        Refuses("it is not a Debian package of format 2", Package(version, ("data.tar", Data(CompressionMethod.None))));

    [Fact]
    public void What_is_no_package_is_refused() =>
        Refuses("it is not a Debian package of format 2", Encoding.ASCII.GetBytes("PK and so on, long enough for a header of ar"));

    [Fact]
    public void A_package_without_files_is_refused() =>
        Refuses("the Debian package ends before its files do", Package("2.0\n", ("control.tar.gz", [1, 2, 3])));

    [Fact]
    public void A_package_cut_anywhere_is_refused()
    {
        // All but the two empty blocks that end a tar archive, after which nothing is asked for.
        var whole = Package("2.0\n", ("control.tar.gz", [1, 2, 3]), ("data.tar", Data(CompressionMethod.None)));
        for (var length = 0; length < whole.Length - 1024; length++)
        {
            var part = whole[..length];
            Assert.Throws<TarballException>(() => List(part).Count);
        }
    }

    private static void Refuses(string message, byte[] package) =>
        Assert.Equal(message, Assert.Throws<TarballException>(() => List(package)).Message);

    private static List<string> List(byte[] package) =>
    [
        .. DebReader.Read(new MemoryStream(package)).Select(entry => entry switch
        {
            ArchiveEntry.Directory directory => directory.Path + "/",
            ArchiveEntry.File file => $"{file.Path}{(file.IsExecutable ? "*" : "")} ({new StreamReader(file.Content).ReadToEnd()})",
            ArchiveEntry.Symlink link => $"{link.Path} -> {link.Target}",
            _ => entry.Path,
        }),
    ];

    private static byte[] Data(CompressionMethod method)
    {
        var bytes = new MemoryStream();
        using (var compressed = CompressedStream.OpenWrite(bytes, method, leaveOpen: true))
        using (var writer = new TarWriter(compressed, TarEntryFormat.Gnu, leaveOpen: method == CompressionMethod.None))
        {
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./usr/"));
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./usr/bin/"));
            writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, "./usr/bin/tool")
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute,
                DataStream = new MemoryStream("#!/bin/sh"u8.ToArray()),
            });
            writer.WriteEntry(new GnuTarEntry(TarEntryType.SymbolicLink, "./usr/bin/alias") { LinkName = "tool" });
        }

        return bytes.ToArray();
    }

    private static byte[] Package(string version, params (string Name, byte[] Content)[] members)
    {
        var bytes = new MemoryStream();
        bytes.Write("!<arch>\n"u8);
        foreach (var (name, content) in members.Prepend(("debian-binary", Encoding.ASCII.GetBytes(version))))
        {
            var size = content.Length.ToString(CultureInfo.InvariantCulture);
            bytes.Write(Encoding.ASCII.GetBytes($"{name,-16}{0,-12}{0,-6}{0,-6}{100644,-8}{size,-10}`\n"));
            bytes.Write(content);
            bytes.Write("\n"u8[..(content.Length & 1)]);
        }

        return bytes.ToArray();
    }
}
