using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Firn.Archive.Compression;
using Firn.Archive.Tarballs;

namespace Firn.Tests.Archive.Tarballs;

public sealed class UnpackerTests
{
    private static readonly DateTimeOffset _time = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);

    public static TheoryData<TarEntryFormat> Formats => [TarEntryFormat.Pax, TarEntryFormat.Gnu, TarEntryFormat.Ustar];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Files_directories_and_links_are_unpacked(TarEntryFormat format)
    {
        var (tree, latest) = Unpack(Tar(format,
            Entry(format, TarEntryType.Directory, "./top/"),
            File(format, "./top/run", "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserExecute),
            File(format, "top/deep/er/plain", "hello"),
            Entry(format, TarEntryType.SymbolicLink, "top/link", "../no/where"),
            Entry(format, TarEntryType.HardLink, "top/same", "top/run")));

        Assert.Equal(
            ["top/", "top/deep/", "top/deep/er/", "top/deep/er/plain: hello", "top/link -> ../no/where", "top/run* #!/bin/sh\n", "top/same = top/run"],
            tree);
        Assert.Equal(1_000_000_000, latest);
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Names_longer_than_the_header_has_room_for_are_read(TarEntryFormat format)
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 200), 3));
        var target = new string('t', 300);

        var (tree, _) = Unpack(Tar(format,
            File(format, name, "x"), Entry(format, TarEntryType.SymbolicLink, "ä", target)));

        Assert.Contains(name + ": x", tree);
        Assert.Contains("ä -> " + target, tree);
    }

    // CVE-2026-44029: absolute names were unpacked where they said.
    [Fact]
    public void A_leading_slash_is_dropped() =>
        Assert.Equal(["etc/", "etc/passwd: x"], Unpack(Tar(TarEntryFormat.Ustar, File(TarEntryFormat.Ustar, "//etc/passwd", "x"))).Tree);

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    public void A_name_that_leads_outside_is_refused(string name) =>
        Assert.Throws<TarballException>(() => Unpack(Tar(TarEntryFormat.Pax, File(TarEntryFormat.Pax, name, "x"))));

    [Fact]
    public void Nothing_is_written_through_a_symbolic_link() =>
        Assert.Throws<TarballException>(() => Unpack(Tar(TarEntryFormat.Pax,
            Entry(TarEntryFormat.Pax, TarEntryType.SymbolicLink, "out", "/tmp"), File(TarEntryFormat.Pax, "out/x", "x"))));

    [Fact]
    public void A_later_member_replaces_an_earlier_one() =>
        Assert.Equal(["a: 2"], Unpack(Tar(TarEntryFormat.Pax,
            Entry(TarEntryFormat.Pax, TarEntryType.SymbolicLink, "a", "/etc/passwd"), File(TarEntryFormat.Pax, "a", "1"), File(TarEntryFormat.Pax, "a", "2"))).Tree);

    [Fact]
    public void A_hard_link_to_what_is_not_in_the_archive_is_refused() =>
        Assert.Throws<TarballException>(() => Unpack(Tar(TarEntryFormat.Pax,
            Entry(TarEntryFormat.Pax, TarEntryType.HardLink, "a", "/etc/passwd"))));

    [Fact]
    public void An_archive_that_is_cut_short_is_refused()
    {
        var whole = Tar(TarEntryFormat.Pax, File(TarEntryFormat.Pax, "a", new string('x', 5000)));

        Assert.Throws<TarballException>(() => Unpack(whole[..2048]));
    }

    [Fact]
    public void What_is_no_archive_is_refused() =>
        Assert.Throws<TarballException>(() => Unpack(Encoding.ASCII.GetBytes(new string('x', 600))));

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Bzip2)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    public void Compressed_archives_are_recognised(CompressionMethod method)
    {
        var compressed = new MemoryStream();
        using (var writer = CompressedStream.OpenWrite(compressed, method, leaveOpen: true))
        {
            writer.Write(Tar(TarEntryFormat.Gnu, File(TarEntryFormat.Gnu, "a", "b")));
        }

        Assert.Equal(["a: b"], Unpack(compressed.ToArray()).Tree);
    }

    [Fact]
    public void Zip_archives_keep_modes_and_links()
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "d/", "", 0x41ed);
            Add(archive, "d/run", "x", 0x81ed);
            Add(archive, "d/plain", "y", 0x81a4);
            Add(archive, "d/link", "run", 0xa1ff);
        }

        Assert.Equal(["d/", "d/link -> run", "d/plain: y", "d/run* x"], Unpack(zip.ToArray()).Tree);
    }

    private static void Add(ZipArchive archive, string name, string content, int mode)
    {
        var entry = archive.CreateEntry(name);
        entry.ExternalAttributes = mode << 16;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(content));
    }

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name, string? target = null)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.Pax => new PaxTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new UstarTarEntry(type, name),
        };
        entry.ModificationTime = _time;
        if (target is not null)
        {
            entry.LinkName = target;
        }

        return entry;
    }

    private static TarEntry File(TarEntryFormat format, string name, string content, UnixFileMode mode = UnixFileMode.UserRead)
    {
        var entry = Entry(format, TarEntryType.RegularFile, name);
        entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        entry.Mode = mode;
        return entry;
    }

    private static byte[] Tar(TarEntryFormat format, params TarEntry[] entries)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    private static (string[] Tree, long Latest) Unpack(byte[] archive)
    {
        var tree = new MemoryTree();
        var latest = Unpacker.Unpack(ArchiveReader.Read(new MemoryStream(archive)), tree);
        return ([.. tree.Lines.Values], latest);
    }

    private sealed class MemoryTree : IUnpackTarget
    {
        internal SortedDictionary<string, string> Lines { get; } = new(StringComparer.Ordinal);

        public void AddDirectory(string path) => Lines.Add(path, path + "/");

        public void AddFile(string path, bool isExecutable, Stream content) =>
            Lines.Add(path, $"{path}{(isExecutable ? "*" : ":")} {new StreamReader(content).ReadToEnd()}");

        public void AddSymlink(string path, string target) => Lines.Add(path, $"{path} -> {target}");

        public void AddCopy(string path, string of) => Lines.Add(path, $"{path} = {of}");

        public void Remove(string path) => Assert.True(Lines.Remove(path));
    }
}
