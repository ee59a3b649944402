using System.Net.Sockets;
using System.Text;
using CsCheck;
using Firn.Model.StorePaths;
using Firn.Platform.Linux;
using Firn.Store.Contents;
using Firn.Store.Local;
using Firn.Store.Local.Verifying;

namespace Firn.Tests.Store;

/// <summary>Whatever is changed in a store is found.</summary>
public sealed class IntegrityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStore _store;
    private readonly StorePath _tree;
    private readonly StorePath _text;
    private readonly IntegrityScanner _scanner;

    public IntegrityTests()
    {
        _store = LocalStoreTests.Open($"{_folder.Path}/a");
        var source = $"{_folder.Path}/source";
        Directory.CreateDirectory($"{source}/bin/empty");
        var content = new byte[5000];
        new Random(1).NextBytes(content);
        File.WriteAllBytes($"{source}/data", content);
        File.WriteAllText($"{source}/bin/run", "#!/bin/sh\necho hello\n");
        File.SetUnixFileMode($"{source}/bin/run", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink($"{source}/link", "bin/run");
        _tree = _store.AddFromDisk("tree", source, ContentOptions.Default);
        _text = _store.AddText("note", Encoding.UTF8.GetBytes(_store.Directory.Absolute(_tree)), [_tree], repair: false);
        _scanner = new IntegrityScanner(_store);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Nothing_is_found_in_a_store_that_is_as_it_was_written() => Assert.Empty(Scan());

    [Fact]
    public void Every_single_bit_that_flips_is_found_and_its_object_named()
    {
        (StorePath Path, string File)[] files =
        [
            (_tree, Real(_tree) + "/data"), (_tree, Real(_tree) + "/bin/run"), (_text, Real(_text)),
        ];
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Double[0, 0.999999], Gen.Int[0, 7]).Sample(
            (which, place, bit) =>
            {
                var (path, file) = files[which];
                // As on a failing disk: neither size nor times change.
                var at = (long)(place * new FileInfo(file).Length);
                Flip(file, at, bit);
                var found = Scan();
                Flip(file, at, bit);
                return found is [{ Kind: FindingKind.Modified } finding] && finding.Object!.Equals(path) && Scan().Count == 0;
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Missing_and_added_files_other_names_links_and_rights_are_found()
    {
        var root = Real(_tree);
        void Change(Action change, Action undo)
        {
            Writable(root, true);
            change();
            Writable(root, false);
            var found = Assert.Single(Scan());
            Assert.Equal(FindingKind.Modified, found.Kind);
            Assert.Equal(_tree, found.Object);
            Writable(root, true);
            undo();
            Writable(root, false);
            Assert.Empty(Scan());
        }

        Change(() => File.Move($"{root}/data", $"{_folder.Path}/kept"), () => File.Move($"{_folder.Path}/kept", $"{root}/data"));
        Change(() => Write($"{root}/extra", ""), () => File.Delete($"{root}/extra"));
        Change(() => File.Move($"{root}/data", $"{root}/date"), () => File.Move($"{root}/date", $"{root}/data"));
        Change(() => Directory.Delete($"{root}/bin/empty"), () => Directory.CreateDirectory($"{root}/bin/empty"));
        Change(
            () => File.SetUnixFileMode($"{root}/bin/run", (UnixFileMode)0x124),
            () => File.SetUnixFileMode($"{root}/bin/run", (UnixFileMode)0x16d));
        Change(() => Link($"{root}/link", "bin/rum"), () => Link($"{root}/link", "bin/run"));
    }

    [Fact]
    public void A_whole_object_that_is_gone_is_found()
    {
        File.Move(Real(_text), $"{_folder.Path}/kept");

        Assert.Equal([(FindingKind.Missing, _text)], Scan().Select(f => (f.Kind, f.Object!)));
    }

    [Fact]
    public void What_somebody_may_write_to_or_has_touched_is_found_with_its_place()
    {
        File.SetUnixFileMode($"{Real(_tree)}/data", (UnixFileMode)0x1a4);

        var found = Assert.Single(Scan());

        Assert.Equal(FindingKind.Metadata, found.Kind);
        Assert.Contains("/data'", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_belongs_to_no_object_is_found()
    {
        File.WriteAllText($"{_store.Layout.RealStoreDirectory}/somebodys-notes", "");
        File.WriteAllText($"{_store.Layout.RealStoreDirectory}/{new string('a', 32)}-unknown", "");

        Assert.Equal([FindingKind.Foreign, FindingKind.Foreign], Scan().Select(f => f.Kind));
    }

    [Fact]
    public void A_damage_names_the_packages_and_generations_that_it_touches()
    {
        var environment = _store.AddText("user-environment", Encoding.UTF8.GetBytes(_store.Directory.Absolute(_text)), [_text], repair: false);
        var profile = $"{_store.Layout.ProfilesDirectory}/default";
        _store.AddPermanentRoot(environment, $"{profile}-7-link");
        _store.AddPermanentRoot(environment, $"{profile}-8-link");
        _store.AddPermanentRoot(_text, $"{_folder.Path}/result");

        var reach = new DamageReach(_store).Of(_tree);

        Assert.Equal([new(profile, 7), new(profile, 8)], reach.Generations.Distinct());
        Assert.Contains("note", reach.Packages);
        Assert.Contains($"{_folder.Path}/result", reach.Roots);
        Assert.Contains($"generations of {profile}: 7, 8", reach.Describe().Select(l => l.Replace("7, 7, 8, 8", "7, 8", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_scan_that_is_stopped_goes_on_where_it_was()
    {
        Flip($"{Real(_tree)}/data", 17, 3);
        Flip(Real(_text), 3, 1);
        var found = new List<StorePath>();
        using (var stop = new CancellationTokenSource())
        {
            // Reading at one byte a second it rests behind the first object.
            Assert.ThrowsAny<OperationCanceledException>(() => new ContinuousScan(_store, 1, TimeProvider.System).Run(
                f =>
                {
                    found.Add(f.Object!);
                    stop.CancelAfter(TimeSpan.FromMilliseconds(50));
                },
                _ => false, stop.Token));
        }

        Assert.Single(found);
        new ContinuousScan(_store, long.MaxValue, TimeProvider.System).Run(f => found.Add(f.Object!), _ => false, CancellationToken.None);

        Assert.Equal([.. new[] { _tree, _text }.Order()], found);
    }

    [Fact]
    public void The_journal_gets_entries_in_its_own_protocol()
    {
        var path = $"{_folder.Path}/journal";
        using var journal = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journal.Bind(new UnixDomainSocketEndPoint(path));

        Assert.True(new Journal(path).TryWrite(JournalPriority.Error, "one\ntwo", ("FIRN_EVENT", "damage")));
        var buffer = new byte[1000];
        var entry = Encoding.UTF8.GetString(buffer, 0, journal.Receive(buffer));

        Assert.Equal("MESSAGE\n\u0007\0\0\0\0\0\0\0one\ntwo\nPRIORITY=3\nSYSLOG_IDENTIFIER=firn\nFIRN_EVENT=damage\n", entry);
        Assert.False(new Journal(path + "-none").TryWrite(JournalPriority.Error, "x"));
    }

    private IReadOnlyList<Finding> Scan() => _scanner.ScanAll(CancellationToken.None);

    private string Real(StorePath path) => _store.Layout.RealPath(path);

    private static void Flip(string file, long at, int bit)
    {
        var mode = File.GetUnixFileMode(file);
        File.SetUnixFileMode(file, mode | UnixFileMode.UserWrite);
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = at;
            var old = stream.ReadByte();
            stream.Position = at;
            stream.WriteByte((byte)(old ^ (1 << bit)));
        }

        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(1));
        File.SetUnixFileMode(file, mode);
    }

    private static void Write(string file, string text)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, (UnixFileMode)0x124);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(1));
    }

    private static void Link(string link, string target)
    {
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
        // Of the link itself.
        Firn.Platform.Files.FilePath.SetModified(link, 1);
    }

    private static void Writable(string root, bool isWritable)
    {
        foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Append(root).ToList())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)(isWritable ? 0x1ed : 0x16d));
            Directory.SetLastWriteTimeUtc(folder, DateTime.UnixEpoch.AddSeconds(1));
        }
    }
}
