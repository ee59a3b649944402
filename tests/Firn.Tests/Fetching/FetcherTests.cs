using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Store.Local;
using Firn.Transfers;
using Firn.Tests.Store;

namespace Firn.Tests.Fetching;

/// <summary>Fetches from repositories, folders and archives made here; store paths were made by C++ Nix 2.34.8 from the same.</summary>
public sealed class FetcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStore _store;
    private readonly Messages _messages = new();
    private Fetcher _fetcher;

    public FetcherTests()
    {
        _store = LocalStoreTests.Open(_folder.Path + "/root");
        _fetcher = Make(new FetchSettings());
    }

    private string Repository => _folder.Path + "/repo";

    [Fact]
    public void A_clean_work_tree_is_its_commit_without_what_is_not_exported()
    {
        MakeRepository();

        var tree = FetchGit(Git());

        Assert.Equal("9d59ramqvjdfxa90gvgpm8gfa9d6b1sx-source", tree.Path.ToString());
        var attributes = TreeAttributes.Describe(tree.Attributes, namesMissingRevision: true);
        Assert.Equal((2ul, 1000000000ul, "20010909014640"), (attributes.FindInteger("revCount"), attributes.FindInteger("lastModified"), attributes.GetText("lastModifiedDate")));
        Assert.Equal(RunGit("rev-parse", "HEAD"), attributes.GetText("rev"));
        Assert.False(attributes.FindFlag("submodules"));
    }

    [Fact]
    public void Export_ignore_can_be_switched_off_and_fetchTree_does_not_know_it()
    {
        MakeRepository();

        Assert.Equal("lzqbm4rnjsz8kj3g89hfbznixn4r5nld-source", FetchGit(Git().With("exportIgnore", false)).Path.ToString());
        Assert.Equal(
            "lzqbm4rnjsz8kj3g89hfbznixn4r5nld-source",
            _fetcher.FetchTree(_fetcher.Forms.Parse(Git().With("type", "git").With("ref", "main").With("shallow", true))).Path.ToString());
    }

    [Fact]
    public void A_commit_is_fetched_by_its_revision()
    {
        MakeRepository();

        var tree = FetchGit(Git().With("rev", RunGit("rev-parse", "HEAD~1")));

        Assert.Equal("nzj1dncnzxpff1s1s06y1avifs17pipv-source", tree.Path.ToString());
        Assert.Equal(1ul, tree.Attributes.FindInteger("revCount"));
    }

    [Fact]
    public void The_same_commit_is_fetched_from_a_clone()
    {
        MakeRepository();
        _fetcher.Dispose();
        _fetcher = Make(new FetchSettings(), clonesLocal: true);

        Assert.Equal("9d59ramqvjdfxa90gvgpm8gfa9d6b1sx-source", FetchGit(Git()).Path.ToString());
        Assert.Equal("nzj1dncnzxpff1s1s06y1avifs17pipv-source", FetchGit(Git().With("rev", RunGit("rev-parse", "HEAD~1"))).Path.ToString());
        Assert.Equal("9d59ramqvjdfxa90gvgpm8gfa9d6b1sx-source", FetchGit(Git().With("ref", "refs/tags/v1")).Path.ToString());
        Directory.Delete(Repository, recursive: true);
        Assert.Equal("9d59ramqvjdfxa90gvgpm8gfa9d6b1sx-source", FetchGit(Git()).Path.ToString());
    }

    [Fact]
    public void A_dirty_work_tree_is_taken_as_it_is_with_a_warning()
    {
        MakeRepository();
        File.AppendAllText(Repository + "/file", "dirty\n");
        File.Delete(Repository + "/link");
        File.WriteAllText(Repository + "/untracked", "");

        var tree = FetchGit(Git());

        Assert.Equal("8ramzcc450salc9zkqcji2gv9b4gf32g-source", tree.Path.ToString());
        Assert.Equal([$"Git tree '{Repository}' is dirty"], _messages.Warnings);
        var attributes = TreeAttributes.Describe(tree.Attributes, namesMissingRevision: true);
        Assert.Equal((new string('0', 40), "0000000", 0ul), (attributes.GetText("rev"), attributes.GetText("shortRev"), attributes.FindInteger("revCount")));
        Assert.Equal(RunGit("rev-parse", "HEAD") + "-dirty", attributes.GetText("dirtyRev"));
        Assert.Equal(RunGit("rev-parse", "HEAD")[..7] + "-dirty", attributes.GetText("dirtyShortRev"));
    }

    [Fact]
    public void A_dirty_work_tree_is_refused_where_that_is_set()
    {
        MakeRepository();
        File.AppendAllText(Repository + "/file", "dirty\n");
        _fetcher.Dispose();
        _fetcher = Make(new FetchSettings { AllowDirty = false });

        Assert.Equal(FetchErrors.Dirty, Assert.Throws<FetchException>(() => FetchGit(Git())).Diagnostic.Code);
    }

    [Fact]
    public void Submodules_are_fetched_from_commits_and_from_work_trees()
    {
        MakeRepository();
        var outer = _folder.Path + "/outer";
        RunGitIn(_folder.Path, "init", "-q", "-b", "main", outer);
        RunGitIn(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Repository, "sub");
        RunGitIn(outer, "commit", "-q", "-m", "one");
        var input = InputAttributes.Empty.With("url", outer).With("submodules", true);

        var fromWorkTree = FetchGit(input).Path;
        var fromCommit = FetchGit(input.With("rev", RunGitIn(outer, "rev-parse", "HEAD"))).Path;

        Assert.Equal(fromWorkTree, fromCommit);
        Assert.True(File.Exists($"{_store.Layout.RealPath(fromCommit)}/sub/dir/sub/x"));
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_store.Layout.RealPath(FetchGit(input.With("rev", RunGitIn(outer, "rev-parse", "HEAD")).With("submodules", false)).Path)}/sub"));
    }

    [Fact]
    public void A_wrong_hash_ends_with_its_own_status()
    {
        MakeRepository();

        var failure = Assert.Throws<FetchException>(() => FetchGit(Git().With("narHash", "sha256-Hr8g6AqANb4xqX28eu1XnjK/3ab8Gv6TJSnkb1LezG9=")));

        Assert.Equal(102, failure.ExitStatus);
        Assert.StartsWith("NAR hash mismatch in input 'git+file://", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_a_file_and_an_archive_get_the_paths_that_C_plus_plus_Nix_gives_them()
    {
        var file = MakeFolder();
        var archive = MakeArchive();

        var folder = _fetcher.FetchTree(_fetcher.Forms.ParseUrl(Url.Parse($"path:{_folder.Path}/d"), wantsTree: true));
        Assert.Equal("3x82gnc6fjx6aqns378b08shi1dalass-source", folder.Path.ToString());
        Assert.Equal(1234567890ul, folder.Attributes.FindInteger("lastModified"));

        var unpacked = _fetcher.FetchTree(_fetcher.Forms.ParseUrl(Url.Parse("file://" + archive), wantsTree: true));
        Assert.Equal(("tarball", "3x82gnc6fjx6aqns378b08shi1dalass-source"), (unpacked.Attributes.Type, unpacked.Path.ToString()));
        Assert.Equal(1111111111ul, unpacked.Attributes.FindInteger("lastModified"));
        Assert.Equal("3x82gnc6fjx6aqns378b08shi1dalass-source", _fetcher.FetchTarball("file://" + archive, "source", null).ToString());

        Assert.Equal("hiqa735hlnap7xvvr2hvap4ivg7kpfnj-x", _fetcher.FetchUrl("file://" + file, "x", null).ToString());
        Assert.Equal("hgv3yzqjddym28misxhwxyy07hc2a2da-source", _fetcher.FetchTree(_fetcher.Forms.ParseUrl(Url.Parse("file://" + file), wantsTree: false)).Path.ToString());
    }

    [Fact]
    public void What_is_in_the_store_already_is_not_fetched()
    {
        var path = _fetcher.FetchUrl("file://" + MakeFolder(), "x", null);

        Assert.Equal(path, _fetcher.FetchUrl("file:///nowhere", "x", Hash.Sha256("x\n"u8)));
        Assert.Equal(FetchErrors.Transfer, Assert.Throws<FetchException>(() => _fetcher.FetchUrl("file:///nowhere", "x", Hash.Sha256("y"u8))).Diagnostic.Code);
    }

    [Fact]
    public void A_file_with_another_hash_is_refused()
    {
        var file = MakeFolder();

        Assert.Equal(102, Assert.Throws<FetchException>(() => _fetcher.FetchUrl("file://" + file, "x", Hash.Sha256("y"u8))).ExitStatus);
    }

    [Fact]
    public void Attributes_that_no_scheme_knows_are_refused()
    {
        var failure = Assert.Throws<FetchException>(() => _fetcher.Forms.Parse(InputAttributes.Empty.With("type", "path").With("path", "/").With("ref", "x")));

        Assert.Equal("input attribute 'ref' not supported by scheme 'path'", failure.Message);
    }

    [Fact]
    public void Downloads_follow_redirects_send_logins_and_ask_only_once_while_fresh()
    {
        using var server = new LoopbackServer();
        File.WriteAllText(_folder.Path + "/netrc", "machine localhost login me password s3cret");
        _fetcher.Dispose();
        _fetcher = Make(new FetchSettings(), transfers: new TransferSettings { NetrcFile = _folder.Path + "/netrc" });

        var path = _fetcher.FetchUrl($"{server.Url}/redirect", "x", null);

        Assert.Equal("hello", File.ReadAllText(_store.Layout.RealPath(path)));
        Assert.Equal(path, _fetcher.FetchUrl($"{server.Url}/redirect", "x", null));
        Assert.Equal(path, _fetcher.FetchUrl($"{server.Url}/file", "x", null));
        Assert.Equal(["/redirect", "/file"], server.Paths);
        Assert.All(server.Logins, login => Assert.Equal("Basic " + Convert.ToBase64String("me:s3cret"u8), login));
    }

    [Fact]
    public void A_file_that_has_not_changed_is_not_sent_again()
    {
        using var server = new LoopbackServer();
        _fetcher.Dispose();
        _fetcher = Make(new FetchSettings { TarballTtl = TimeSpan.Zero });

        Assert.Equal(_fetcher.FetchUrl($"{server.Url}/file", "x", null), _fetcher.FetchUrl($"{server.Url}/file", "x", null));
        Assert.Equal([200, 304], server.Statuses);
    }

    [Fact]
    public void What_may_pass_is_tried_again_and_what_may_not_is_not()
    {
        using var server = new LoopbackServer();

        Assert.Equal("hello", File.ReadAllText(_store.Layout.RealPath(_fetcher.FetchUrl($"{server.Url}/later", "x", null))));
        Assert.Equal([503, 200], server.Statuses);

        var failure = Assert.Throws<FetchException>(() => _fetcher.FetchUrl($"{server.Url.Replace("//", "//u:secret@", StringComparison.Ordinal)}/missing", "x", null));
        Assert.Contains("HTTP error 404", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.Equal([503, 200, 404], server.Statuses);
    }

    [Fact]
    public void The_password_of_a_git_repository_is_not_shown()
    {
        using var server = new LoopbackServer();
        var url = server.Url.Replace("//", "//u:secret@", StringComparison.Ordinal) + "/missing.git";

        var failure = Assert.Throws<FetchException>(() => _fetcher.FetchTree(_fetcher.Forms.Parse(InputAttributes.Empty.With("type", "git").With("url", url))));

        Assert.Contains("//***@", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _fetcher.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    private Fetcher Make(FetchSettings settings, bool clonesLocal = false, TransferSettings? transfers = null) => new(
        settings, new HttpTransfers(transfers ?? new TransferSettings(), new Building.RecordingLog(), CancellationToken.None),
        new FetchStore(_store.Directory, _store.Layout.RealPath, _store, _store, _store),
        new FetchPlaces(_folder.Path + "/cache", clonesLocal), _messages, TimeProvider.System, CancellationToken.None);

    private FetchedTree FetchGit(InputAttributes input) => _fetcher.FetchTree(_fetcher.Forms.ParseGit(input));

    private InputAttributes Git() => InputAttributes.Empty.With("url", Repository);

    private string MakeFolder()
    {
        var file = _folder.Path + "/d/sub/x";
        Directory.CreateDirectory(_folder.Path + "/d/sub");
        File.WriteAllText(file, "x\n");
        foreach (var path in (string[])[file, _folder.Path + "/d/sub", _folder.Path + "/d"])
        {
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(1234567890));
        }

        return file;
    }

    private string MakeArchive()
    {
        var path = _folder.Path + "/t.tar.gz";
        using var writer = new TarWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        foreach (var (name, content) in ((string, string?)[])[("d/", null), ("d/sub/", null), ("d/sub/x", "x\n")])
        {
            var entry = new GnuTarEntry(content is null ? TarEntryType.Directory : TarEntryType.RegularFile, name)
            {
                ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1111111111),
            };
            if (content is not null)
            {
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
            }

            writer.WriteEntry(entry);
        }

        return path;
    }

    private void MakeRepository()
    {
        RunGitIn(_folder.Path, "init", "-q", "-b", "main", Repository);
        Write("file", "hello\n");
        Write("run", "#!/bin/sh\n");
        File.SetUnixFileMode(Repository + "/run", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Repository + "/link", "file");
        Write("dir/sub/x", "x\n");
        Write("hidden", "secret\n");
        Write(".gitattributes", "/hidden export-ignore\n/priv export-ignore\n");
        Write("priv/p", "p\n");
        RunGit("add", "-A");
        RunGit("commit", "-q", "-m", "one");
        File.AppendAllText(Repository + "/file", "more\n");
        RunGit("commit", "-q", "-a", "-m", "two");
        RunGit("tag", "v1");
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Repository, path))!);
        File.WriteAllText(Path.Combine(Repository, path), content);
    }

    private string RunGit(params string[] arguments) => RunGitIn(Repository, arguments);

    private static string RunGitIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true };
        foreach (var who in (string[])["AUTHOR", "COMMITTER"])
        {
            (start.Environment[$"GIT_{who}_NAME"], start.Environment[$"GIT_{who}_EMAIL"], start.Environment[$"GIT_{who}_DATE"]) = ("A", "a@b", "1000000000 +0000");
        }

        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private sealed class Messages : IMessageLog
    {
        internal List<string> Warnings { get; } = [];

        public bool Shows(Verbosity level) => true;

        public void Write(Verbosity level, string message)
        {
            if (level == Verbosity.Warning)
            {
                Warnings.Add(message);
            }
        }
    }
}
