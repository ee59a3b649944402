using System.Text.Json;

namespace Firn.EndToEnd.Stores;

/// <summary>The commands that look into stores: what they say of closures, of damage, and of what is not there.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private const string Package = """
        let needed = derivation { name = "needed"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo needed > $out" ]; };
        in derivation { name = "top"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo ${needed} > $out" ]; }
        """;

    private readonly Machine _machine = new("sandbox = false");
    private readonly string _top;

    public StoreCommandTests() => _top = _machine.Firn("nix-build", _machine.Write("top.nix", Package), "--no-out-link");

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("file://HOME/cache")]
    [InlineData("ssh://localhost?remote-program=PROGRAM")]
    public void Closures_are_walked_in_stores_that_list_no_referrers(string uri)
    {
        _machine.Firn("nix", "copy", "--to", $"file://{_machine.Home}/cache", _top);
        uri = uri.Replace("HOME", _machine.Home, StringComparison.Ordinal).Replace("PROGRAM", $"{Machine.FirnCommands}/nix-store", StringComparison.Ordinal);
        var needed = _machine.Firn("nix-store", "-q", "--references", _top);

        void IsAsHere(string command, params string[] arguments) =>
            Assert.Equal(_machine.Firn(command, arguments), _machine.Firn(command, [.. arguments, "--store", uri]));
        IsAsHere("nix", "path-info", "-rsS", _top);
        IsAsHere("nix-store", "-qR", _top);
        IsAsHere("nix", "why-depends", _top, needed);
        IsAsHere("nix", "store", "diff-closures", needed, _top);
        using var json = JsonDocument.Parse(_machine.Firn("nix", "path-info", "--json", "--closure-size", "--json-format", "2", "-r", "--store", uri, _top));
        Assert.Equal(288, json.RootElement.GetProperty("info").GetProperty(_top["/nix/store/".Length..]).GetProperty("closureSize").GetInt64());
    }

    [Fact]
    public void A_cache_tells_how_it_keeps_objects_and_where_files_are_in_archives()
    {
        var uri = $"file://{_machine.Home}/cache";
        _machine.Firn("nix", "copy", "--to", $"{uri}?compression=none", _top);

        using var json = JsonDocument.Parse(_machine.Firn("nix", "path-info", "--json", "--closure-size", "--json-format", "1", "--store", uri, _top));
        var info = json.RootElement.GetProperty(_top);
        Assert.Equal("none", info.GetProperty("compression").GetString());
        Assert.StartsWith("nar/", info.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(info.GetProperty("narHash").GetString(), info.GetProperty("downloadHash").GetString());
        Assert.Equal(info.GetProperty("narSize").GetInt64(), info.GetProperty("downloadSize").GetInt64());
        Assert.Equal(info.GetProperty("closureSize").GetInt64(), info.GetProperty("closureDownloadSize").GetInt64());
        Assert.Equal("{\"narOffset\":96,\"size\":51,\"type\":\"regular\"}", _machine.Firn("nix", "store", "ls", "--json", "--store", uri, _top));
        Assert.Equal("{\"trusted\":true,\"url\":\"" + uri + "\"}", _machine.Firn("nix", "store", "info", "--json", "--store", uri));
    }

    [Fact]
    public void Half_a_JSON_value_is_never_written()
    {
        _machine.Firn("nix", "copy", "--no-recursive", "--to", $"file://{_machine.Home}/cache", _machine.Firn("nix-store", "-q", "--references", _top));
        _machine.Firn("nix", "copy", "--to", $"file://{_machine.Home}/cache", _top);
        _machine.Shell($"rm {_machine.Home}/cache/$(basename $({Machine.FirnCommands}/nix-store -q --references {_top}) | cut -c1-32).narinfo");

        var failure = _machine.Fails("nix", "path-info", "--json", "--json-format", "1", "--closure-size", "--store", $"file://{_machine.Home}/cache", _top);

        Assert.Equal("", failure.Output);
    }

    [Fact]
    public void Verifying_goes_on_after_what_cannot_be_read_and_tells_all_kinds_of_trouble_by_bits()
    {
        var needed = _machine.Firn("nix-store", "-q", "--references", _top);
        var missing = "/nix/store/" + new string('a', 32) + "-missing";
        var content = _machine.Firn("nix-store", "--add", _machine.Write("content", "this"));
        _machine.Shell($"chmod u+w {needed} && echo other > {needed} && rm -f {content} && mkfifo {content}");

        var first = _machine.Fails("nix", "store", "verify", missing, content, needed, _top);
        Assert.Equal(5, first.ExitCode);
        Assert.Contains($"path '{missing}' is not valid", first.Errors, StringComparison.Ordinal);
        Assert.Contains($"path '{needed}' was modified", first.Errors, StringComparison.Ordinal);
        Assert.Equal(7, _machine.Fails("nix", "store", "verify", "--all", "--sigs-needed", "1").ExitCode);
        Assert.Equal(2, _machine.Fails("nix", "store", "verify", "--no-contents", "--sigs-needed", "1", _top).ExitCode);
    }

    [Fact]
    public void Signatures_that_a_cache_has_count_when_asked_for()
    {
        var uri = $"file://{_machine.Home}/cache";
        _machine.Shell($"{Machine.FirnCommands}/nix key generate-secret --key-name test-1 > {_machine.Home}/key");
        var key = _machine.Shell($"{Machine.FirnCommands}/nix key convert-secret-to-public < {_machine.Home}/key");
        _machine.Firn("nix", "copy", "--to", $"{uri}?secret-key={_machine.Home}/key", _top);
        string[] verify = ["store", "verify", "-r", "-n", "1", "--trusted-public-keys", key, _top];

        Assert.Equal(2, _machine.Fails("nix", verify).ExitCode);
        _machine.Firn("nix", [.. verify, "-s", uri]);
        _machine.Firn("nix", "store", "sign", "-k", $"{_machine.Home}/key", "-r", _top);
        _machine.Firn("nix", verify);
    }

    [Fact]
    public void What_is_not_there_is_named_and_no_help_is_offered()
    {
        _machine.Firn("nix", "copy", "--to", $"file://{_machine.Home}/cache", _top);
        void Says(string words, params string[] arguments)
        {
            var errors = _machine.Fails(arguments[0], arguments[1..]).Errors;
            Assert.Contains(words, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("--help", errors, StringComparison.Ordinal);
        }

        Says($"path '{_top}/nope' does not exist", "nix", "store", "cat", $"{_top}/nope");
        Says($"path '{_top}/nope' does not exist", "nix", "store", "ls", $"{_top}/nope");
        Says($"path '{_top}/nope' does not exist", "nix", "store", "cat", $"{_top}/nope", "--store", $"file://{_machine.Home}/cache");
        Says("path '/nix/store' is not in the Nix store", "nix", "store", "cat", "/nix/store");
        Says("opening file '/tmp/nope': No such file or directory", "nix", "nar", "ls", "/tmp/nope", "/");
        _machine.Firn("nix", "copy", "--to", $"file://{_machine.Home}/plain?compression=none", _top);
        Says("NAR does not contain regular file '/x'", "nix", "nar", "cat", Directory.GetFiles($"{_machine.Home}/plain/nar")[0], "/x");
        Says("is not in the Nix store", "nix-store", "-q", "--references", "/etc/passwd");
        Says("reading file '/tmp': Is a directory", "nix", "nar", "cat", "/tmp", "/x");
        Says("opening file '/tmp/nope': No such file or directory", "nix", "store", "sign", "--key-file", "/tmp/nope", _top);
        Says("reading file '/tmp': Is a directory", "nix", "store", "sign", "--key-file", "/tmp", _top);
        Says("opening file '/nope/s': No such file or directory", "nix-store", "--generate-binary-cache-key", "foo", "/nope/s", "p");
    }

    [Fact]
    public void Derivations_are_rewritten_and_compared_when_asked_for()
    {
        using var json = JsonDocument.Parse(_machine.Firn("nix", "store", "make-content-addressed", "--json", "--derivation", "-r", _top));
        Assert.All(json.RootElement.GetProperty("rewrites").EnumerateObject(), r => Assert.EndsWith(".drv", r.Value.GetString(), StringComparison.Ordinal));
        Assert.Equal(2, json.RootElement.GetProperty("rewrites").EnumerateObject().Count());
        var needed = _machine.Firn("nix-store", "-q", "--references", _top);
        Assert.Equal("top.drv: ∅ → ε", _machine.Firn("nix", "diff-closures", "--derivation", needed, _top));
    }

    [Fact]
    public void Roots_are_told_once_each_and_objects_behind_those_they_refer_to()
    {
        var needed = _machine.Firn("nix-store", "-q", "--references", _top);
        _machine.Firn("nix-env", "-p", "/nix/var/nix/profiles/test", "--set", _top);

        Assert.Equal($"\"/nix/var/nix/profiles/test-1-link\" -> {_top}", _machine.Firn("nix-store", "--gc", "--print-roots"));
        Assert.Equal($"{needed}\n{_top}", _machine.Firn("nix", "path-info", _top, needed));
        _machine.Shell($"chmod u+w {_top} && echo other > {_top}");
        var said = _machine.Shell($"{Machine.FirnCommands}/nix store verify || true");
        Assert.Contains("generations of /nix/var/nix/profiles/test: 1\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_optimising_brought_is_told_and_less_than_nothing_cannot_be_freed()
    {
        foreach (var name in (string[])["one", "other"])
        {
            _machine.Firn("nix-store", "--add", _machine.Write(name, "the same"));
        }

        Assert.Contains("KiB freed by hard-linking 1 files", _machine.Shell($"{Machine.FirnCommands}/nix store optimise 2>&1"), StringComparison.Ordinal);
        Assert.Contains("'-1' is less than nothing", _machine.Fails("nix", "store", "gc", "--max", "-1").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_a_command_too()
    {
        Assert.Equal(_machine.Firn("nix", "store", "gc", "--help"), _machine.Firn("nix", "help", "store", "gc"));
        Assert.Contains("local-overlay://", _machine.Firn("nix", "help-stores"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_ends_a_build_that_a_script_started_behind_itself()
    {
        _machine.Write("long.nix", """
            derivation { name = "long"; system = builtins.currentSystem; builder = "/bin/sh"; PATH = "/bin:/usr/bin"; args = [ "-c" "sleep 60" ]; }
            """);

        var said = _machine.Shell($$"""
            {{Machine.FirnCommands}}/nix-build long.nix --no-out-link 2> said & for i in $(seq 200); do sleep 0.1; grep -q "building '" said && break; done
            kill -INT $!; wait $!; echo "ended with $?"; cat said
            """);

        Assert.StartsWith("ended with 1\n", said, StringComparison.Ordinal);
        Assert.Contains("interrupted by the user", said, StringComparison.Ordinal);
    }
}
