using System.Diagnostics;
using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes.Mercurial;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;
using Firn.Store.Local;
using Firn.Tests.Building;
using Firn.Tests.Store;
using Firn.Transfers;

namespace Firn.Tests.Fetching.Schemes;

/// <summary>Fetches from Mercurial repositories made here; store paths and revisions were made by C++ Nix 2.34.8 from the same.</summary>
public sealed class MercurialTests : IClassFixture<MercurialTests.MercurialOriginal>, IDisposable
{
    private const string AtDefault = "4xvyf7iz7j5nicz1z2g8jmklj3vrq2g2-source";
    private const string AtTag = "s4jmzwqqsnv998rp1fkc0xqg5s72nk8x-source";
    private const string AtFeature = "8pr56yzva6zjl0m2bb885cgd5v8jhqb3-source";
    private const string TagRevision = "39fbe95f6bcfb023a97003b75f209ab80baf70a8";

    private readonly MercurialOriginal _original;
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLog _log = new();
    private readonly LocalStore _store;
    private Fetcher _fetcher;

    public MercurialTests(MercurialOriginal original)
    {
        _original = original;
        _store = LocalStoreTests.Open(_folder.Path + "/root");
        _fetcher = Make(new FetchSettings());
    }

    private string Repository => _folder.Path + "/repo";

    [Theory]
    [InlineData(null, "default", "1f708839b30bd446eb22b392c43b7c76bee970c8", 2, AtDefault)]
    [InlineData("book", "default", "1f708839b30bd446eb22b392c43b7c76bee970c8", 2, AtDefault)]
    [InlineData("v1", "default", TagRevision, 1, AtTag)]
    [InlineData("feature", "feature", "9895cbe03a6f521f06a465604ee12b87f672f13f", 3, AtFeature)]
    public void A_commit_is_fetched_by_its_branch_bookmark_or_tag(string? reference, string branch, string revision, int number, string path)
    {
        MakeRepository();

        var tree = _fetcher.FetchTree(reference is null ? Input() : Input().With("ref", reference));

        Assert.Equal((path, branch, revision, (ulong?)number), (tree.Path.ToString(), tree.Attributes.Ref, tree.Attributes.Revision, tree.Attributes.FindInteger("revCount")));
        Assert.Equal(["narHash", "ref", "rev", "revCount", "type", "url"], tree.Attributes.Values.Keys);
    }

    [Fact]
    public void A_commit_is_fetched_by_its_revision_under_the_name_that_is_asked_for()
    {
        MakeRepository();

        Assert.Equal(AtTag, _fetcher.FetchTree(Input().With("rev", TagRevision.ToUpperInvariant())).Path.ToString());
        var tree = _fetcher.FetchTree(Input().With("rev", TagRevision).With("name", "foo"));
        Assert.Equal("raq4mh5j121qv6yizfdb067iaw8byyra-foo", tree.Path.ToString());
        var told = TreeAttributes.DescribeMercurial(tree.Attributes);
        Assert.Equal(("default", TagRevision, "39fbe95f6bcf", 1ul), (told.GetText("branch"), told.GetText("rev"), told.GetText("shortRev"), told.FindInteger("revCount")));
    }

    [Fact]
    public void Names_of_branches_that_are_no_references_are_told_and_read_again_beside_the_revision()
    {
        MakeRepository();

        var tree = _fetcher.FetchTree(Input().With("rev", "57c4e6eff95d491385f4aaf44b90a8035b6423e8"));

        Assert.Equal("my branch", tree.Attributes.Ref);
        Assert.Equal(tree.Attributes, _fetcher.Forms.Parse(tree.Attributes));
    }

    [Fact]
    public void A_changed_work_tree_is_taken_as_it_is_with_a_warning()
    {
        MakeRepository();
        MakeChanges();

        var tree = _fetcher.FetchTree(Input());

        Assert.Equal("83dacfk31ljwbr8r7gfgzmc7f1pk9x8v-source", tree.Path.ToString());
        Assert.Equal([(Verbosity.Warning, $"Mercurial tree '{Repository}' is unclean")], _log.Messages.Where(m => m.Level == Verbosity.Warning));
        Assert.Equal(["narHash", "ref", "type", "url"], tree.Attributes.Values.Keys);
        var told = TreeAttributes.DescribeMercurial(tree.Attributes);
        Assert.Equal((new string('0', 40), new string('0', 12), null), (told.GetText("rev"), told.GetText("shortRev"), told.FindInteger("revCount")));
        Assert.Equal(AtDefault, _fetcher.FetchTree(Input().With("ref", "default")).Path.ToString());
    }

    [Fact]
    public void A_changed_work_tree_is_followed_where_a_link_leads_to_it()
    {
        MakeRepository();
        MakeChanges();
        File.CreateSymbolicLink(_folder.Path + "/link", Repository);

        Assert.Equal("83dacfk31ljwbr8r7gfgzmc7f1pk9x8v-source", _fetcher.FetchTree(Input().With("url", $"file://{_folder.Path}/link")).Path.ToString());
    }

    [Fact]
    public void A_changed_work_tree_is_refused_where_that_is_set()
    {
        MakeRepository();
        MakeChanges();
        Restart(new FetchSettings { AllowDirty = false });

        Assert.Equal(FetchErrors.Dirty, Fails(Input()).Code);
    }

    [Fact]
    public void What_a_branch_leads_to_is_remembered_while_it_is_fresh_and_revisions_always()
    {
        MakeRepository();
        _fetcher.FetchTree(Input());
        _fetcher.FetchTree(Input().With("ref", "v1"));
        Directory.Move(Repository, Repository + ".away");

        Assert.Equal(AtDefault, _fetcher.FetchTree(Input()).Path.ToString());

        Restart(new FetchSettings { TarballTtl = TimeSpan.Zero });
        Assert.Equal(FetchErrors.Mercurial, Fails(Input()).Code);
        Assert.Equal(AtTag, _fetcher.FetchTree(Input().With("rev", TagRevision)).Path.ToString());
        Assert.Equal(
            AtFeature,
            _fetcher.FetchTree(Input().With("rev", "9895cbe03a6f521f06a465604ee12b87f672f13f")).Path.ToString());
    }

    [Fact]
    public void What_is_new_is_pulled_when_what_is_remembered_is_old()
    {
        MakeRepository();
        Restart(new FetchSettings { TarballTtl = TimeSpan.Zero });
        _fetcher.FetchTree(Input());
        Write("file", "new\n");
        Hg("commit", "-q", "-m", "new");

        Assert.Equal(5ul, _fetcher.FetchTree(Input()).Attributes.FindInteger("revCount"));
    }

    [Fact]
    public void Clones_and_pulls_that_were_killed_are_mended()
    {
        MakeRepository();
        Restart(new FetchSettings { TarballTtl = TimeSpan.Zero });
        _fetcher.FetchTree(Input());
        var clone = Directory.EnumerateDirectories(_folder.Path + "/cache/hg").Single();
        File.WriteAllText(clone + "/.hg/store/journal", "");
        Write("file", "new\n");
        Hg("commit", "-q", "-m", "new");
        Assert.Equal(5ul, _fetcher.FetchTree(Input()).Attributes.FindInteger("revCount"));

        Directory.Move(clone, clone + ".new");
        Directory.Delete(clone + ".new/.hg/store", recursive: true);
        Assert.Equal(AtTag, _fetcher.FetchTree(Input().With("ref", "v1")).Path.ToString());
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("v1+feature")]
    public void What_is_not_one_commit_is_refused(string reference)
    {
        MakeRepository();

        var failure = Fails(Input().With("ref", reference));

        Assert.Equal((FetchErrors.Mercurial, $"the Mercurial repository '{Repository}' has no branch, bookmark, tag or revision '{reference}', or more than one"), (failure.Code, failure.Message));
    }

    [Fact]
    public void A_revision_of_another_kind_is_refused() =>
        Assert.Contains("Only sha1 is supported", Fails(Input().With("rev", new string('0', 64))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--config=alias.log=!touch trap", "/")]
    [InlineData("-r", "/")]
    [InlineData("", "/")]
    [InlineData("a b", "/")]
    [InlineData("all()", "/")]
    [InlineData("default", "ssh://-oProxyCommand=touch%20trap/x")]
    [InlineData("default", "ssh://%2DoProxyCommand=touch%20trap/x")]
    [InlineData("default", "ssh://user@-oProxyCommand=touch%20trap/x")]
    public void What_a_program_could_take_for_an_option_is_refused(string reference, string url) =>
        Assert.Equal(FetchErrors.BadUrl, Assert.Throws<FetchException>(() => _fetcher.Forms.Parse(
            InputAttributes.Empty.With("type", "hg").With("url", url == "/" ? "file:///" : url).With("ref", reference))).Diagnostic.Code);

    [Fact]
    public void A_password_is_not_shown()
    {
        SkipWithoutMercurial();

        var failure = Fails(_fetcher.Forms.ParseMercurial(InputAttributes.Empty.With("url", "nothing://user:secret@host/x")));

        Assert.Contains("nothing://***@host/x", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_holds_by_whatever_name_its_commit_was_found()
    {
        // C++ Nix writes the tag when it knows the commit already, and then refuses what it wrote.
        MakeRepository();

        var tree = _fetcher.FetchTree(Input().With("ref", "v1").With("rev", TagRevision).With("revCount", 1ul).With("__final", true));

        Assert.Equal((AtTag, "v1"), (tree.Path.ToString(), tree.Attributes.Ref));
    }

    [Theory]
    [InlineData("hg+file:///a/b?dir=x&ref=r&rev=abc", """{"ref":"r","rev":"abc","type":"hg","url":"file:///a/b?dir=x"}""")]
    [InlineData("hg+https://user@h/x%23y", """{"type":"hg","url":"https://user@h/x%23y"}""")]
    [InlineData("hg+ssh://h/x", """{"type":"hg","url":"ssh://h/x"}""")]
    [InlineData("hg+http://h/x", """{"type":"hg","url":"http://h/x"}""")]
    public void URLs_are_read_as_attributes(string url, string attributes) =>
        Assert.Equal(attributes, _fetcher.Forms.ParseUrl(Url.Parse(url), wantsTree: true).ToJson());

    [Theory]
    [InlineData("hg://h/x")]
    [InlineData("hg+static-http://h/x")]
    public void Other_URLs_are_none_of_Mercurials(string url) => Assert.Null(new MercurialScheme().FromUrl(Url.Parse(url), wantsTree: true));

    [Fact]
    public void Attributes_are_written_as_a_URL() => Assert.Equal(
        $"hg+https://h/x?b=1&ref=r&rev={TagRevision}",
        _fetcher.Forms.ToUrl(InputAttributes.Empty.With("type", "hg").With("url", "https://h/x?b=1").With("ref", "r").With("rev", TagRevision).With("revCount", 3ul)).ToString());

    [Theory]
    [InlineData("/a/b c", "file:///a/b%20c")]
    [InlineData("https://h/x", "https://h/x")]
    public void A_path_may_stand_for_a_URL(string place, string url) =>
        Assert.Equal(url, _fetcher.Forms.ParseMercurial(InputAttributes.Empty.With("url", place)).GetText("url"));

    [Fact]
    public void A_file_is_written_tracked_and_committed()
    {
        MakeRepository();

        _fetcher.WriteFile(Input(), "lock", "1\n", null);
        Assert.Equal("A lock", Hg("status"));
        Write("other", "");
        Hg("add", "other");
        _fetcher.WriteFile(Input(), "lock", "2\n", "lock: Add\n\nthe rest");

        Assert.Equal("lock: Add\n\nthe rest\nlock", Hg("log", "-r", "tip", "--template", "{desc}\n{files}"));
        Assert.Equal("A other", Hg("status"));
        _fetcher.WriteFile(Input(), "lock", "3\n", "again");
        Assert.Equal("again", Hg("log", "-r", "tip", "--template", "{desc}"));
    }

    public void Dispose()
    {
        _fetcher.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    private static bool HasMercurial => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "hg")));

    private static void SkipWithoutMercurial() => Assert.SkipUnless(HasMercurial, "the program hg (Mercurial) is not installed");

    private Diagnostic Fails(InputAttributes input) => Assert.Throws<FetchException>(() => _fetcher.FetchTree(input)).Diagnostic;

    private InputAttributes Input() => InputAttributes.Empty.With("type", "hg").With("url", "file://" + Repository);

    private void Restart(FetchSettings settings)
    {
        _fetcher.Dispose();
        _fetcher = Make(settings);
    }

    private Fetcher Make(FetchSettings settings) => new(
        settings, new HttpTransfers(new TransferSettings(), _log, CancellationToken.None),
        new FetchStore(_store.Directory, _store.Layout.RealPath, _store, _store, _store),
        new FetchPlaces(_folder.Path + "/cache"), _log, TimeProvider.System, CancellationToken.None);

    private void MakeRepository()
    {
        SkipWithoutMercurial();
        FolderCopy.Copy(_original.Path, Repository);
    }

    private void MakeChanges()
    {
        File.AppendAllText(Repository + "/file", "dirty\n");
        Hg("rm", "-q", "link");
        Write("added", "n\n");
        Hg("add", "added");
        Write("untracked", "n\n");
        File.Delete(Repository + "/run");
        Directory.CreateDirectory(Repository + "/empty");
    }

    private void Write(string path, string content) => WriteIn(Repository, path, content);

    private string Hg(params string[] arguments) => HgIn(Repository, arguments);

    private static string HgIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("hg", ["--cwd", folder, .. arguments]) { RedirectStandardOutput = true };
        (start.Environment["HGRCPATH"], start.Environment["HGPLAIN"]) = ("", "1");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static void WriteIn(string repository, string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(repository, path))!);
        File.WriteAllText(Path.Combine(repository, path), content);
    }

    /// <summary>A repository that each test takes a copy of; making one takes a second.</summary>
    public sealed class MercurialOriginal : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public MercurialOriginal()
        {
            if (!HasMercurial)
            {
                return;
            }

            HgIn(_folder.Path, "init", Path);
            File.WriteAllText(Path + "/.hg/hgrc", "[ui]\nusername = t <t@e>\n");
            Write("file", "hello\n");
            Write("run", "#!/bin/sh\n");
            File.SetUnixFileMode(Path + "/run", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.CreateSymbolicLink(Path + "/link", "file");
            Write("dir/sub/x", "x\n");
            Hg("add", "-q");
            Commit("one", 0);
            File.AppendAllText(Path + "/file", "more\n");
            Commit("two", 1);
            Hg("tag", "-q", "v1", "-d", "1000000002 0");
            Hg("branch", "-q", "feature");
            Write("f", "f\n");
            Hg("add", "f");
            Commit("f", 3);
            Hg("branch", "-q", "my branch");
            Write("g", "g\n");
            Hg("add", "g");
            Commit("g", 4);
            Hg("update", "-q", "default");
            Hg("bookmark", "-q", "book");
        }

        internal string Path => _folder.Path + "/repo";

        public void Dispose() => _folder.Dispose();

        private void Write(string path, string content) => WriteIn(Path, path, content);

        private void Hg(params string[] arguments) => HgIn(Path, arguments);

        private void Commit(string message, int second) => Hg("commit", "-q", "-m", message, "-d", $"{1000000000 + second} 0");
    }
}
