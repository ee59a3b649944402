using System.Text;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Locks;

namespace Firn.Tests.Platform;

public sealed class FilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Deleting_a_tree_does_not_follow_its_links()
    {
        Directory.CreateDirectory($"{_folder.Path}/outside");
        File.WriteAllText($"{_folder.Path}/outside/mine", "x");
        Directory.CreateDirectory($"{_folder.Path}/tree/sub");
        Directory.CreateSymbolicLink($"{_folder.Path}/tree/sub/link", $"{_folder.Path}/outside");
        File.WriteAllText($"{_folder.Path}/tree/file", "12345");
        File.SetUnixFileMode($"{_folder.Path}/tree/sub", UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.InRange(FileTree.Delete($"{_folder.Path}/tree"), 5, 200);

        Assert.False(Directory.Exists($"{_folder.Path}/tree"));
        Assert.True(File.Exists($"{_folder.Path}/outside/mine"));
        Assert.Equal(0, FileTree.Delete($"{_folder.Path}/tree"));
    }

    [Fact]
    public void A_folder_swapped_for_a_link_is_not_entered()
    {
        // CVE-2025-46416, CVE-2025-52992, CVE-2025-52993: between a look and a deletion or change of owner a builder put a link.
        Directory.CreateDirectory($"{_folder.Path}/outside");
        Directory.CreateSymbolicLink($"{_folder.Path}/link", $"{_folder.Path}/outside");
        using var folder = DirectoryHandle.Open(_folder.Path);

        Assert.Throws<SystemCallException>(() => folder.OpenDirectory("link"u8));
        Assert.Throws<SystemCallException>(() => folder.ChangeMode("link"u8, 0));
        Assert.Throws<SystemCallException>(() => folder.OpenFile("link"u8));
    }

    [Fact]
    public void A_link_is_replaced_in_one_step()
    {
        SymbolicLink.Replace($"{_folder.Path}/link", "first");
        SymbolicLink.Replace($"{_folder.Path}/link", "second");

        Assert.Equal("second", SymbolicLink.Read($"{_folder.Path}/link"));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_error_names_the_file_and_what_the_system_said()
    {
        var error = Assert.Throws<SystemCallException>(() => FileHandle.OpenRead($"{_folder.Path}/missing"));

        Assert.Equal($"opening file '{_folder.Path}/missing': No such file or directory", error.Message);
        Assert.Equal(Errno.NoEntry, error.Error);
    }

    [Fact]
    public void Who_waits_for_a_lock_file_that_is_removed_makes_a_new_one()
    {
        var path = $"{_folder.Path}/x.lock";
        var first = LockFile.Acquire(path, null)!;
        Assert.Null(LockFile.Acquire(path, null));
        var waits = new ManualResetEventSlim();
        LockFile? second = null;
        var thread = new Thread(() => second = LockFile.Acquire(path, waits.Set));
        thread.Start();
        waits.Wait(TestContext.Current.CancellationToken);

        first.RemovesFile = true;
        first.Dispose();
        thread.Join();

        Assert.NotNull(second);
        Assert.True(File.Exists(path));
        Assert.Null(LockFile.Acquire(path, null));
        second.Dispose();
    }

    [Fact]
    public void Whole_files_are_read_even_where_they_say_that_they_are_empty() =>
        Assert.Contains("Umask:", Encoding.ASCII.GetString(FileContent.ReadAll("/proc/self/status")), StringComparison.Ordinal);
}
