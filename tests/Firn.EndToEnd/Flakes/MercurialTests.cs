using System.Text.Json;

namespace Firn.EndToEnd.Flakes;

/// <summary>Mercurial repositories as sources: what expressions and flakes get of them, side by side with C++ Nix.</summary>
public sealed class MercurialTests : IDisposable
{
    private readonly Machine _machine = new("extra-experimental-features = flakes", "sandbox = false", "flake-registry =");

    public MercurialTests()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "hg"))), "the program hg (Mercurial) is not installed");
        _machine.Write(".hgrc", $"[ui]\nusername = t <t@e>\nssh = sh {_machine.Home}/ssh\n");
        _machine.Write("ssh", "shift; exec sh -c \"$*\"\n");
        _machine.Shell("""
            hg init repo && cd repo
            echo '{ outputs = _: { x = 1; }; }' > flake.nix && hg add flake.nix && hg commit -m one
            echo two > file && hg add file && hg commit -m two
            hg tag v1 && hg branch -q feature && echo f > f && hg add f && hg commit -m f
            hg update -q default && hg bookmark book
            cp -r . ../changed && cd ../changed && echo three > file && hg rm flake.nix && mkdir dir && echo > dir/a && hg add dir/a && echo > b
            """);
    }

    private string Repository => $"{_machine.Home}/repo";

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Both_give_the_same()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        var file = _machine.Write("all.nix", $$"""
            let
              repo = {{Repository}};
              changed = {{_machine.Home}}/changed;
              url = "file://${toString repo}";
            in
            map (tree: removeAttrs tree [ "outPath" ] // { path = tree.outPath; }) [
              (fetchMercurial repo)
              (fetchMercurial { url = repo; })
              (fetchMercurial { inherit url; name = "foo"; rev = "v1"; })
              (fetchMercurial { inherit url; rev = "v1"; })
              (fetchMercurial { url = repo; rev = "feature"; })
              (fetchMercurial { url = repo; rev = "book"; })
              (fetchMercurial { url = repo; rev = (fetchMercurial { url = repo; rev = "feature"; }).rev; })
              (fetchMercurial changed)
              (fetchTree { type = "hg"; inherit url; })
              (fetchTree { type = "hg"; inherit url; ref = "feature"; })
              (fetchTree { type = "hg"; url = "file://${toString changed}"; })
              (fetchTree "hg+${url}?ref=v1")
              (fetchTree "hg+ssh://user@host/${toString repo}?ref=v1")
              (fetchMercurial "ssh://user@host/${toString repo}")
            ]
            """);
        var ours = _machine.Firn("nix", "eval", "--impure", "--json", "--file", file);

        // With a cache of its own it has to find all of it out itself.
        Assert.Equal(_machine.Shell($"XDG_CACHE_HOME=$HOME/other {_machine.ReferenceCommands}/nix eval --impure --json --file {file}"), ours);
        using var result = JsonDocument.Parse(ours);
        Assert.All(result.RootElement.EnumerateArray(), tree => Assert.StartsWith("/nix/store/", tree.GetProperty("path").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ url = /x; ref = \"default\"; }", "unsupported argument 'ref' to 'fetchMercurial'")]
    [InlineData("{ rev = \"default\"; }", "'url' argument required")]
    [InlineData("{ url = \"\"; }", "'url' argument required")]
    [InlineData("{ url = /x; rev = 1; }", "expected a string but found an integer: 1")]
    [InlineData("1", "cannot coerce an integer to a string: 1")]
    [InlineData("{ url = /x; rev = \"--config=alias.log=!touch $HOME/trap\"; }", "invalid Mercurial branch/tag name")]
    [InlineData("\"--config=alias.clone=!true\"", "unexpected authority")]
    public void Wrong_arguments_are_named(string arguments, string message)
    {
        var failure = _machine.Fails("nix", "eval", "--impure", "--expr", $"builtins.fetchMercurial {arguments}");
        Assert.Contains(message, failure.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Pure_evaluation_wants_a_revision()
    {
        var revision = _machine.Shell("hg -R repo log -r v1 --template '{node}'");
        foreach (var rev in (string[])["", "rev = \"v1\";"])
        {
            Assert.Contains(
                "in pure evaluation mode, 'fetchMercurial' requires a Mercurial revision",
                _machine.Fails("nix", "eval", "--expr", $"builtins.fetchMercurial {{ url = \"file://{Repository}\"; {rev} }}").Errors, StringComparison.Ordinal);
        }

        Assert.Equal("two", _machine.Firn("nix", "eval", "--raw", "--expr", $"builtins.readFile (builtins.fetchMercurial {{ url = \"file://{Repository}\"; rev = \"{revision}\"; }} + \"/file\")"));
    }

    [Fact]
    public void Both_lock_inputs_in_the_same_way()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        var revision = _machine.Shell("hg -R repo log -r feature --template '{node}'");
        _machine.Write("top/flake.nix", $$"""
            {
              inputs.branch.url = "hg+file://{{Repository}}";
              inputs.tag.url = "hg+file://{{Repository}}?ref=v1";
              inputs.set = { type = "hg"; url = "file://{{Repository}}"; ref = "feature"; flake = false; };
              inputs.revision.url = "hg+file://{{Repository}}?rev={{revision}}";
              outputs = inputs: builtins.mapAttrs (name: input: removeAttrs (input.sourceInfo or input) [ "outPath" ]) (removeAttrs inputs [ "self" ]);
            }
            """);
        _machine.Shell("cd top && hg init && hg add flake.nix && hg commit -m top && hg clone -q . ../other");
        var flake = $"hg+file://{_machine.Home}/top";
        _machine.Firn("nix", "flake", "lock", flake);
        _machine.Shell($"XDG_CACHE_HOME=$HOME/c {_machine.ReferenceCommands}/nix flake lock hg+file://$HOME/other");

        var locked = File.ReadAllText($"{_machine.Home}/top/flake.lock");
        Assert.Equal(File.ReadAllText($"{_machine.Home}/other/flake.lock"), locked);
        Assert.Equal("A flake.lock", _machine.Shell("cd top && hg status"));

        // Neither finds anything to change, nor anything that is not as the lock says.
        foreach (var output in (string[])["branch", "tag", "set", "revision"])
        {
            Assert.Equal(
                _machine.Shell($"XDG_CACHE_HOME=$HOME/d {_machine.ReferenceCommands}/nix eval --json --no-update-lock-file '{flake}#{output}'"),
                _machine.Shell($"XDG_CACHE_HOME=$HOME/e {Machine.FirnCommands}/nix eval --json --no-update-lock-file '{flake}#{output}'"));
        }

        Assert.Equal(locked, File.ReadAllText($"{_machine.Home}/top/flake.lock"));
    }

    [Fact]
    public void A_lock_file_is_committed_where_that_is_asked_for()
    {
        _machine.Write("top/flake.nix", $$"""{ inputs.dep.url = "hg+file://{{Repository}}"; outputs = inputs: { x = inputs.dep.x; }; }""");
        _machine.Shell("cd top && hg init && hg add flake.nix && hg commit -m top");
        var flake = $"hg+file://{_machine.Home}/top";
        Assert.Contains("unclean", _machine.FailsInShell($"echo >> top/flake.nix; {Machine.FirnCommands}/nix eval --no-allow-dirty '{flake}#x'").Errors, StringComparison.Ordinal);
        _machine.Shell("hg -R top revert --all --no-backup -q");

        _machine.Firn("nix", "flake", "lock", "--commit-lock-file", flake);

        Assert.StartsWith("flake.lock: Add\n\nFlake lock file updates:\n\n• Added input 'dep':", _machine.Shell("hg -R top log -r tip --template '{desc}'"), StringComparison.Ordinal);
        Assert.Equal("1", _machine.Firn("nix", "eval", "--refresh", "--no-allow-dirty", $"{flake}#x"));
        using var metadata = JsonDocument.Parse(_machine.Firn("nix", "flake", "metadata", "--json", flake));
        Assert.Equal((1, _machine.Shell("hg -R top log -r tip --template '{node}'")), (metadata.RootElement.GetProperty("revCount").GetInt32(), metadata.RootElement.GetProperty("revision").GetString()));
    }

    [Fact]
    public void What_was_fetched_is_there_without_the_repository()
    {
        string Fetch(string flags) => $"{Machine.FirnCommands}/nix eval {flags} --impure --raw --expr '(builtins.fetchMercurial \"file://{Repository}\").outPath'";
        var path = _machine.Shell($"{Fetch("")} && mv repo away");

        Assert.Equal(path, _machine.Shell(Fetch("--offline")));
        Assert.Contains("not found", _machine.FailsInShell(Fetch("--refresh")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_hg_is_missing_one_error_says_so()
    {
        _machine.Shell("mkdir bin && ln -s $(command -v git) bin/git");
        var failure = _machine.FailsInShell($"PATH=$HOME/bin {Machine.FirnCommands}/nix eval --impure --expr 'builtins.fetchMercurial {Repository}'");
        Assert.Contains("the program 'hg' is needed to fetch from Mercurial repositories, and it cannot be found in PATH", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("apt-get install mercurial", failure.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_repository_that_a_command_runs_in_has_no_say()
    {
        _machine.Shell($$"""
            hg init here && cd here && printf '[hooks]\npre-clone = touch {{_machine.Home}}/trap\npre-log = touch {{_machine.Home}}/trap\npre-archive = touch {{_machine.Home}}/trap\n' > .hg/hgrc
            {{Machine.FirnCommands}}/nix eval --impure --expr 'builtins.fetchMercurial {{Repository}}'
            """);
        Assert.False(File.Exists($"{_machine.Home}/trap"));
    }
}
