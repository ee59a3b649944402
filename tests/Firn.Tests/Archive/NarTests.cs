using System.Text;
using CsCheck;
using Firn.Archive.Hashing;
using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Platform.Files;

namespace Firn.Tests.Archive;

public sealed class NarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A tree as the properties make it: a file, a link or a directory.</summary>
    private abstract record Tree
    {
        public sealed record File(byte[] Content, bool IsExecutable) : Tree;

        public sealed record Link(string Target) : Tree;

        public sealed record Folder(SortedDictionary<string, Tree> Entries) : Tree;
    }

    private static readonly Gen<string> _name = Gen.String[Gen.Char["ab.-ü😀｡~"], 1, 6].Where(n => n is not ("." or ".."));

    private static readonly Gen<Tree> _tree = Gen.Recursive<Tree>((depth, inner) => depth > 3
        ? Gen.Byte.Array[0, 50].Select(c => (Tree)new Tree.File(c, c.Length % 2 == 0))
        : Gen.Frequency(
            (3, Gen.Byte.Array[0, 50].Select(c => (Tree)new Tree.File(c, c.Length % 2 == 0))),
            (1, _name.Select(t => (Tree)new Tree.Link(t))),
            (3, Gen.Select(_name, inner).Array[0, 5].Select(entries =>
            {
                var folder = new SortedDictionary<string, Tree>(Firn.Model.Text.Utf8Order.Comparer);
                foreach (var (name, tree) in entries)
                {
                    folder[name] = tree;
                }

                return (Tree)new Tree.Folder(folder);
            }))));

    [Fact]
    public void Any_tree_comes_back_from_its_nar() => _tree.Sample(
        tree =>
        {
            var nar = Nar(visitor => Visit(tree, visitor));
            var path = $"{_folder.Path}/tree";
            TreeRestorer.Restore(new MemoryStream(nar), path, TreeRestoreOptions.Canonical);
            try
            {
                Assert.Equal(nar, Nar(visitor => TreeDumper.Dump(path, visitor)));
            }
            finally
            {
                FileTree.Delete(path);
            }
        },
        iter: 50, threads: 1);

    [Fact]
    public void A_cut_or_changed_nar_ends_in_one_error() => Gen.Select(_tree, Gen.Int[0, 10_000], Gen.Byte).Sample(
        (tree, at, value) =>
        {
            var nar = Nar(visitor => Visit(tree, visitor));
            Assert.Throws<NarException>(() => NarReader.Read(new MemoryStream(nar, 0, at % nar.Length), NoVisitor.Instance));
            nar[at % nar.Length] = value;
            try
            {
                NarReader.Read(new MemoryStream(nar), NoVisitor.Instance);
            }
            catch (NarException)
            {
                // Some changes make another valid archive, all others are told apart.
            }
        },
        iter: 300);

    [Fact]
    public void Names_that_are_not_UTF_8_survive()
    {
        var nar = Nar(v =>
        {
            v.BeginDirectory();
            v.Entry([0xff, 0xfe, (byte)'x']);
            v.Symlink([0x80, 0x81]);
            v.EndDirectory();
        });
        TreeRestorer.Restore(new MemoryStream(nar), $"{_folder.Path}/tree", TreeRestoreOptions.Plain);

        Assert.Equal(nar, Nar(visitor => TreeDumper.Dump($"{_folder.Path}/tree", visitor)));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void A_name_that_leads_elsewhere_is_refused(string name) => Refused(
        "invalid file name",
        v =>
        {
            v.BeginDirectory();
            v.Entry(Encoding.UTF8.GetBytes(name));
            File(v, "x");
            v.EndDirectory();
        });

    [Fact]
    public void A_link_and_a_folder_of_one_name_are_refused()
    {
        // CVE-2024-45593.
        var outside = $"{_folder.Path}/outside";
        Directory.CreateDirectory(outside);

        Refused("not sorted", v =>
        {
            v.BeginDirectory();
            v.Entry("a"u8);
            v.Symlink(Encoding.UTF8.GetBytes(outside));
            v.Entry("a"u8);
            v.BeginDirectory();
            v.Entry("evil"u8);
            File(v, "x");
            v.EndDirectory();
            v.EndDirectory();
        });

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public void Names_in_the_wrong_order_are_refused() => Refused("not sorted", v =>
    {
        v.BeginDirectory();
        v.Entry("b"u8);
        File(v, "x");
        v.Entry("a"u8);
        File(v, "x");
        v.EndDirectory();
    });

    [Fact]
    public void Folders_nest_64_deep_and_no_deeper()
    {
        // CVE-2026-44028: each folder took some of the stack.
        void Nest(INarVisitor v, int depth)
        {
            for (var i = 1; i < depth; i++)
            {
                v.BeginDirectory();
                v.Entry("d"u8);
            }

            File(v, "x");
            for (var i = 1; i < depth; i++)
            {
                v.EndDirectory();
            }
        }

        NarReader.Read(new MemoryStream(Nar(v => Nest(v, 64))), NoVisitor.Instance);
        Refused("maximum depth of 64", v => Nest(v, 65));
        Refused("maximum depth of 64", v => Nest(v, 100_000));
    }

    [Fact]
    public void A_length_beyond_all_bounds_is_refused_before_memory_is_taken()
    {
        // Elsewhere the length with its padding went round to a small number, and what came was written past the buffer.
        var nar = Nar(v => File(v, "x"));
        foreach (var (offset, length) in new[] { (24, ulong.MaxValue), (24 + 16 + 16, 1UL << 40), (24 + 32 + 16 + 8 + 8, ulong.MaxValue) })
        {
            var bad = nar.ToArray();
            BitConverter.TryWriteBytes(bad.AsSpan(offset), length);
            Assert.Throws<NarException>(() => NarReader.Read(new MemoryStream(bad), NoVisitor.Instance));
        }
    }

    [Fact]
    public void Names_and_targets_are_as_long_as_a_file_system_takes_them_and_no_longer()
    {
        // CVE-2026-44028: besides the depth, texts had no bounds.
        static void Named(INarVisitor v, int length)
        {
            v.BeginDirectory();
            v.Entry(Encoding.ASCII.GetBytes(new string('n', length)));
            File(v, "x");
            v.EndDirectory();
        }

        NarReader.Read(new MemoryStream(Nar(v => Named(v, 255))), NoVisitor.Instance);
        NarReader.Read(new MemoryStream(Nar(v => v.Symlink(Encoding.ASCII.GetBytes(new string('t', 4095))))), NoVisitor.Instance);
        Assert.Throws<NarException>(() => NarReader.Read(new MemoryStream(Nar(v => Named(v, 256))), NoVisitor.Instance));
        Assert.Throws<NarException>(() => NarReader.Read(new MemoryStream(Nar(v => v.Symlink(Encoding.ASCII.GetBytes(new string('t', 4096))))), NoVisitor.Instance));
    }

    [Fact]
    public void What_stands_there_already_is_not_written_through()
    {
        // CVE-2026-39860: what is restored followed a link that stood in its place.
        var outside = $"{_folder.Path}/outside";
        System.IO.File.WriteAllText(outside, "mine");
        System.IO.File.CreateSymbolicLink($"{_folder.Path}/tree", outside);

        Assert.ThrowsAny<Exception>(() =>
            TreeRestorer.Restore(new MemoryStream(Nar(v => File(v, "x"))), $"{_folder.Path}/tree", TreeRestoreOptions.Plain));
        Assert.Equal("mine", System.IO.File.ReadAllText(outside));
    }

    [Fact]
    public void Git_hashes_are_those_that_git_prints()
    {
        // git hash-object, and git write-tree of a folder with a file "b" of "x\n", an executable "a" and a folder "c" with a link.
        var path = $"{_folder.Path}/tree";
        Directory.CreateDirectory($"{path}/c");
        System.IO.File.WriteAllText($"{path}/b", "hello\n");

        Assert.Equal(
            "ce013625030ba8dba906f756967f9e9ca394464a",
            PathHash.Of($"{path}/b", ContentAddressMethod.Git, HashAlgorithm.Sha1).Hash.Digest(HashFormat.Base16));
        Assert.Equal(
            "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            PathHash.Of($"{path}/c", ContentAddressMethod.Git, HashAlgorithm.Sha1).Hash.Digest(HashFormat.Base16));
    }

    [Fact]
    public void The_hash_of_a_folder_is_the_published_one()
    {
        // From NixOS/nix, tests/functional/hash-path.sh.
        var path = $"{_folder.Path}/hash-path";
        Directory.CreateDirectory(path);
        System.IO.File.WriteAllText($"{path}/hello", "Hello World\n");

        Assert.Equal("ea9b55537dd4c7e104515b2ccfaf4100", PathHash.OfNar(path, HashAlgorithm.Md5).Hash.Digest(HashFormat.Base16));
        System.IO.File.SetUnixFileMode($"{path}/hello", (UnixFileMode)0x1e4);
        Assert.Equal("20f3ffe011d4cfa7d72bfabef7882836", PathHash.OfNar(path, HashAlgorithm.Md5).Hash.Digest(HashFormat.Base16));
    }

    private static byte[] Nar(Action<INarVisitor> visit)
    {
        var output = new MemoryStream();
        var writer = new NarWriter(output);
        visit(writer);
        writer.Finish();
        return output.ToArray();
    }

    private static void File(INarVisitor visitor, string content)
    {
        visitor.BeginFile(false, content.Length);
        visitor.Write(Encoding.UTF8.GetBytes(content));
        visitor.EndFile();
    }

    private static void Visit(Tree tree, INarVisitor visitor)
    {
        switch (tree)
        {
            case Tree.File file:
                visitor.BeginFile(file.IsExecutable, file.Content.Length);
                visitor.Write(file.Content);
                visitor.EndFile();
                break;
            case Tree.Link link:
                visitor.Symlink(Encoding.UTF8.GetBytes(link.Target));
                break;
            case Tree.Folder folder:
                visitor.BeginDirectory();
                foreach (var (name, inner) in folder.Entries)
                {
                    visitor.Entry(Encoding.UTF8.GetBytes(name));
                    Visit(inner, visitor);
                }

                visitor.EndDirectory();
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Refused(string why, Action<INarVisitor> visit)
    {
        var path = $"{_folder.Path}/refused";
        var error = Assert.Throws<NarException>(() =>
            TreeRestorer.Restore(new MemoryStream(Nar(visit)), path, TreeRestoreOptions.Plain));
        Assert.Contains(why, error.Message);
        FileTree.Delete(path);
    }
}
