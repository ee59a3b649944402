namespace Firn.EndToEnd.BadInput;

/// <summary>Whatever is wrong, one error names it, the exit code says so, and nothing is lost.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Machine _machine = new("sandbox = false");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_syntax_error_is_named_with_its_place()
    {
        var file = _machine.Write("broken.nix", "{\n  a = 1;\n  b = ;\n}\n");

        var failure = _machine.Fails("nix-instantiate", "--eval", file);

        Assert.Equal(1, failure.ExitCode);
        Assert.Contains($"{file}:3:7", failure.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var file = $"{_machine.Home}/missing.nix";

        Assert.Contains(file, _machine.Fails("nix-build", file).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_hash_is_shown_beside_the_right_one()
    {
        var file = _machine.Write("wrong.nix", Derivation("wrong", "echo content > $out", """
            outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; outputHashAlgo = "sha256"; outputHashMode = "flat";
            """));

        var failure = _machine.Fails("nix-build", file, "--no-out-link");

        Assert.Equal(102, failure.ExitCode);
        Assert.Contains("sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("sha256-Q0copBCnj1b8G1iZw1k0NuYasMcx6QctleltspAgXlM=", failure.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_builder_that_ignores_termination_is_ended_at_its_time()
    {
        var file = _machine.Write("stubborn.nix", Derivation("stubborn", "trap '' TERM HUP INT; while true; do /bin/sleep 1; done", ""));

        Assert.Equal(101, _machine.Fails("nix-build", file, "--no-out-link", "--timeout", "2").ExitCode);
    }

    [Fact]
    public void A_truncated_archive_leaves_nothing_behind()
    {
        var path = _machine.Firn("nix-store", "--add", _machine.Write("text", new string('x', 5000)));
        _machine.Shell($"cd {_machine.Home} && PATH={Machine.FirnCommands}:$PATH && nix-store --export {path} >whole && head -c 3000 whole >part && nix-store --delete {path}");

        var failure = _machine.FailsInShell($"{Machine.FirnCommands}/nix-store --import <{_machine.Home}/part");

        Assert.NotEqual("", failure.Errors);
        Assert.Equal("gone", _machine.Shell($"test -e {path} && echo there || echo gone"));
        _machine.Firn("nix-store", "--verify", "--check-contents");
        Assert.Equal(path, _machine.Shell($"{Machine.FirnCommands}/nix-store --import <{_machine.Home}/whole"));
    }

    [Fact]
    public void A_store_path_that_was_edited_by_hand_is_found_and_repaired()
    {
        var file = _machine.Write("good.nix", Derivation("good", "echo good > $out", ""));
        var path = _machine.Firn("nix-build", file, "-o", $"{_machine.Home}/result");
        _machine.Shell($"chmod u+w {path} && echo bad > {path}");

        Assert.Contains(path, _machine.Fails("nix-store", "--verify", "--check-contents").Errors, StringComparison.Ordinal);
        _machine.Firn("nix-store", "--verify", "--check-contents", "--repair");

        Assert.Equal("good", _machine.Shell($"cat {path}"));
        _machine.Firn("nix-store", "--verify", "--check-contents");
    }

    [Fact]
    public void A_database_that_is_none_is_named()
    {
        _machine.Firn("nix-store", "--add", _machine.Write("text", "text"));
        _machine.Shell("rm -f /nix/var/nix/db/db.sqlite-*; echo 'this is no database, but long enough to be taken for one' > /nix/var/nix/db/db.sqlite");

        Assert.Contains("db.sqlite", _machine.Fails("nix-store", "--query", "--hash", "/nix/store/00000000000000000000000000000000-x").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_and_leaves_a_sound_store()
    {
        File.WriteAllBytes($"{_machine.Home}/large", new byte[40_000_000]);

        var output = _machine.OnSmallDisk(megabytes: 24, $"""
            PATH={Machine.FirnCommands}:$PATH
            small=$(nix-store --add {_machine.Write("small", "small")}) || exit 10
            nix-store --add {_machine.Home}/large && exit 11
            nix-store --verify --check-contents || exit 12
            cat "$small"
            """, out var errors);

        Assert.Equal("small", output);
        Assert.Contains("No space left on device", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Firn.", errors, StringComparison.Ordinal);
    }

    private static string Derivation(string name, string script, string more) => $$"""
        derivation {
          name = "{{name}}"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "{{script}}" ];
          {{more}}
        }
        """;
}
