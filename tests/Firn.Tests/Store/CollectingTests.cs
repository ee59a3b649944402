using System.Net.Sockets;
using System.Text;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Locks;
using Firn.Store;
using Firn.Store.Local;
using Firn.Store.Collecting;

namespace Firn.Tests.Store;

public sealed class CollectingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Root => $"{_folder.Path}/root";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_no_link_keeps_goes_and_what_it_needs_stays()
    {
        var (needed, kept, lost) = Fill();
        using var store = LocalStoreTests.Open(Root);

        Assert.Equal(Absolute(store, needed, kept), Collect(store, new GcAction.ListLive()).Paths);
        Assert.Equal(Absolute(store, lost), Collect(store, new GcAction.ListDead()).Paths);
        var result = Collect(store, new GcAction.DeleteDead());

        Assert.Equal(Absolute(store, lost), result.Paths);
        Assert.Equal(4, result.BytesFreed);
        Assert.Equal([needed, kept], store.ListAll());
        Assert.False(File.Exists(store.Layout.RealPath(lost)));
        Assert.True(File.Exists(store.Layout.RealPath(needed)));
    }

    [Fact]
    public void A_link_that_is_gone_keeps_nothing()
    {
        Fill();
        File.Delete($"{_folder.Path}/result");
        using var store = LocalStoreTests.Open(Root);

        Collect(store, new GcAction.DeleteDead());

        Assert.Empty(store.ListAll());
        Assert.All(Directory.GetFileSystemEntries(store.Layout.RealStoreDirectory), p => Assert.EndsWith("/.links", p, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries($"{store.Layout.GcRootsDirectory}/auto"));
    }

    [Fact]
    public void What_a_running_process_is_adding_stays()
    {
        using var store = LocalStoreTests.Open(Root);
        var path = AddText(store, "temporary", "text");
        File.WriteAllText($"{store.Layout.RealPath(path)}.lock", "");
        File.WriteAllText($"{store.Layout.RealStoreDirectory}/rubbish", "");

        Assert.Equal([$"{store.Directory.Path}/rubbish"], Collect(store, new GcAction.DeleteDead()).Paths);
        Assert.True(store.IsValid(path));
    }

    [Fact]
    public void An_object_that_another_needs_is_not_deleted_by_name()
    {
        var (needed, kept, lost) = Fill();
        using var store = LocalStoreTests.Open(Root);

        var error = Assert.Throws<StoreException>(() => Collect(store, new GcAction.DeleteSpecific([needed], IgnoresLiveness: true)));

        Assert.Contains("still alive", error.Message);
        Assert.True(store.IsValid(needed));
        Assert.Equal(Absolute(store, lost), Collect(store, new GcAction.DeleteSpecific([lost], false)).Paths);
        Assert.Throws<StoreException>(() => Collect(store, new GcAction.DeleteSpecific([needed, kept], false)));
        Assert.Equal(Absolute(store, needed, kept), Collect(store, new GcAction.DeleteSpecific([needed, kept], true)).Paths);
    }

    [Fact]
    public void It_stops_when_enough_is_freed()
    {
        using (var store = LocalStoreTests.Open(Root))
        {
            for (var i = 0; i < 10; i++)
            {
                AddText(store, $"file{i}", new string('x', 1000));
            }
        }

        using var again = LocalStoreTests.Open(Root);
        var result = Collect(again, new GcAction.DeleteDead(MaxFreed: 2500));

        Assert.Equal(3000, result.BytesFreed);
        Assert.Equal(7, again.ListAll().Count());
        Assert.All(again.ListAll(), p => Assert.True(again.HasGoodContent(p)));
        Assert.Equal(7, Directory.GetFiles(again.Layout.RealStoreDirectory).Length);
    }

    [Fact]
    public void A_root_that_comes_while_it_runs_keeps_its_object()
    {
        var (_, _, lost) = Fill();
        CollectMeanwhile(fifo => new GcPauses(null, fifo), () =>
        {
            using var other = LocalStoreTests.Open(Root);
            other.AddTemporaryRoot(lost);
            Assert.True(other.IsValid(lost));
        });

        using var store = LocalStoreTests.Open(Root);
        Assert.True(store.HasGoodContent(lost));
    }

    [Fact]
    public void A_process_that_makes_a_link_and_ends_while_roots_are_read_keeps_its_object()
    {
        var (_, _, lost) = Fill();
        // It needs the object since before the collection.
        var other = LocalStoreTests.Open(Root);
        other.AddTemporaryRoot(lost);
        CollectMeanwhile(fifo => new GcPauses(null, null, fifo), () =>
        {
            other.AddPermanentRoot(lost, $"{_folder.Path}/late");
            other.Dispose();
        });

        using var store = LocalStoreTests.Open(Root);
        Assert.True(store.HasGoodContent(lost));
    }

    [Fact]
    public void A_collector_is_told_of_a_root_that_the_next_one_can_read_already()
    {
        using var store = LocalStoreTests.Open(Root);
        var path = StorePath.Parse("b28l0w363qydz7ifc8hh6l0nyk8i54dz-kept");
        using var gcLock = FileHandle.OpenOrCreate($"{store.Layout.StateDirectory}/gc.lock", 0x180);
        FileLock.Lock(gcLock.Descriptor, LockKind.Exclusive, () => { });
        Directory.CreateDirectory(Path.GetDirectoryName(store.Layout.GcSocket)!);
        using var collector = UnixSocket.Listen(store.Layout.GcSocket, 0x1b6);

        var adding = new Thread(() => store.AddTemporaryRoot(path));
        adding.Start();
        using var told = new NetworkStream(collector.Accept(), ownsSocket: true);
        Assert.Equal(store.Directory.Absolute(path), new StreamReader(told).ReadLine());

        var roots = Assert.Single(Directory.GetFiles(store.Layout.TemporaryRootsDirectory));
        Assert.Equal(store.Directory.Absolute(path) + "\0", Encoding.UTF8.GetString(FileContent.ReadAll(roots)));
        told.Write("1"u8);
        adding.Join();
    }

    [Fact]
    public void Garbage_goes_by_itself_when_the_disk_gets_full()
    {
        var (needed, _, lost) = Fill();
        File.WriteAllText($"{_folder.Path}/free", "100");
        using var store = LocalStore.Open(
            StoreLayout.Below(Root), new LocalStoreSettings { MinFree = 200, MaxFree = 300, MinFreeCheckInterval = TimeSpan.Zero },
            new LocalStoreOptions { FreeSpaceFile = $"{_folder.Path}/free" }, Firn.Model.Diagnostics.NoMessageLog.Instance, TimeProvider.System);

        store.AddTemporaryRoot(needed);
        Assert.True(SpinWait.SpinUntil(() => !store.IsValid(lost), TimeSpan.FromSeconds(30)));

        Assert.True(store.IsValid(needed));
    }

    /// <summary>Collects, and does something while the collection waits where <paramref name="pause"/> says.</summary>
    private void CollectMeanwhile(Func<string, GcPauses> pause, Action action)
    {
        var fifo = $"{_folder.Path}/fifo";
        using (var make = System.Diagnostics.Process.Start("mkfifo", fifo))
        {
            make.WaitForExit();
        }

        using var collecting = LocalStore.Open(
            StoreLayout.Below(Root), new LocalStoreSettings(), new LocalStoreOptions { GcPauses = pause(fifo) },
            Firn.Model.Diagnostics.NoMessageLog.Instance, TimeProvider.System);
        var thread = new Thread(() => Collect(collecting, new GcAction.DeleteDead()));
        thread.Start();
        // Opening the pipe waits until the collector reads it.
        using (new FileStream(fifo, FileMode.Open, FileAccess.Write))
        {
            action();
        }

        thread.Join();
    }

    /// <summary>Fills a store as another process would that has ended.</summary>
    private (StorePath Needed, StorePath Kept, StorePath Lost) Fill()
    {
        using var store = LocalStoreTests.Open(Root);
        var needed = AddText(store, "needed", "1");
        var kept = AddText(store, "kept", "2", needed);
        var lost = AddText(store, "lost", "lost");
        store.AddPermanentRoot(kept, $"{_folder.Path}/result");
        return (needed, kept, lost);
    }

    private static StorePath AddText(LocalStore store, string name, string text, params StorePath[] references) =>
        store.AddText(name, Encoding.UTF8.GetBytes(text), references, repair: false);

    private static GcResult Collect(LocalStore store, GcAction action) => store.CollectGarbage(action, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Absolute(LocalStore store, params StorePath[] paths) =>
        paths.Select(store.Directory.Absolute).Order(StringComparer.Ordinal);
}
