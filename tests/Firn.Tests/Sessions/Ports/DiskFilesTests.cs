using System.Diagnostics;
using Firn.Evaluation.Host;
using Firn.Platform.Linux;
using Firn.Sessions.Ports;

namespace Firn.Tests.Sessions.Ports;

public sealed class DiskFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DiskFiles _files = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_listed_with_what_each_entry_itself_is()
    {
        File.WriteAllText($"{_folder.Path}/.hidden", "");
        File.WriteAllText($"{_folder.Path}/ö", "");
        Directory.CreateDirectory($"{_folder.Path}/folder");
        File.CreateSymbolicLink($"{_folder.Path}/link", "folder");
        File.CreateSymbolicLink($"{_folder.Path}/dangling", "nowhere");
        using (var maker = Process.Start("mkfifo", $"{_folder.Path}/pipe"))
        {
            maker.WaitForExit();
        }

        Assert.Equal(
            [
                (".hidden", FileKind.Regular), ("dangling", FileKind.Link), ("folder", FileKind.Directory), ("link", FileKind.Link),
                ("pipe", FileKind.Other), ("ö", FileKind.Regular),
            ],
            _files.ReadDirectory(_folder.Path).OrderBy(e => e.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_behind_a_link_is_listed()
    {
        Directory.CreateDirectory($"{_folder.Path}/folder/inner");
        File.CreateSymbolicLink($"{_folder.Path}/link", "folder");

        Assert.Equal([("inner", FileKind.Directory)], _files.ReadDirectory($"{_folder.Path}/link"));
    }

    [Fact]
    public void A_large_folder_is_listed_to_its_end()
    {
        for (var i = 0; i < 3000; i++)
        {
            File.WriteAllText($"{_folder.Path}/{i}", "");
        }

        Assert.Equal(3000, _files.ReadDirectory(_folder.Path).Select(e => e.Name).Distinct().Count());
    }

    [Fact]
    public void What_is_no_folder_is_said_to_be_none()
    {
        File.WriteAllText($"{_folder.Path}/file", "");

        var failure = Assert.Throws<SystemCallException>(() => _files.ReadDirectory($"{_folder.Path}/file"));
        Assert.Equal($"opening directory '{_folder.Path}/file': Not a directory", failure.Message);
    }
}
