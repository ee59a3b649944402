using System.Text.Json;

namespace Firn.EndToEnd.Flakes;

/// <summary>What <c>nix flake check</c> and <c>nix flake prefetch</c> say and end with.</summary>
public sealed class FlakeCommandTests : IDisposable
{
    private readonly Machine _machine = new("extra-experimental-features = flakes", "sandbox = false", "max-jobs = 2");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_check_that_cannot_be_built_is_named_and_not_what_was_given_up_for_it()
    {
        _machine.Write("flake.nix", """
            {
              outputs = _: let
                make = name: script: derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" script ]; };
                bad = make "bad" "exit 1";
              in { checks.x86_64-linux = { inherit bad; after = make "after" "echo ${bad} > $out"; good = make "good" "echo > $out"; }; };
            }
            """);
        var failure = _machine.Fails("nix", "flake", "check", $"path:{_machine.Home}");
        Assert.Equal(1, failure.ExitCode);
        Assert.Contains("failed to build attribute 'checks.x86_64-linux.bad'", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("builder failed with exit code 1", failure.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("attribute 'checks.x86_64-linux.after'", failure.Errors, StringComparison.Ordinal);

        failure = _machine.Fails("nix", "flake", "check", "--keep-going", $"path:{_machine.Home}");
        Assert.Contains("failed to build attribute 'checks.x86_64-linux.bad'", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("failed to build attribute 'checks.x86_64-linux.after'", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("some errors were encountered", failure.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_is_locked_by_the_hash_of_what_is_in_it()
    {
        _machine.Shell("mkdir t; echo it > t/file; tar cf t.tar t; git init -q r; cd r; echo it > file; git add file; git -c user.name=a -c user.email=a@b commit -q -m m");
        using var archive = JsonDocument.Parse(_machine.Firn("nix", "flake", "prefetch", "--json", $"tarball+file://{_machine.Home}/t.tar"));
        Assert.Equal(archive.RootElement.GetProperty("hash").GetString(), archive.RootElement.GetProperty("locked").GetProperty("narHash").GetString());
        using var repository = JsonDocument.Parse(_machine.Firn("nix", "flake", "prefetch", "--json", $"git+file://{_machine.Home}/r"));
        Assert.False(repository.RootElement.GetProperty("locked").TryGetProperty("narHash", out _));
    }

    [Fact]
    public void Without_a_network_nothing_is_tried_again_and_again()
    {
        var said = _machine.Shell(
            $"unshare --user --map-root-user --net {Machine.FirnCommands}/nix flake metadata --refresh https://cache.example.org/flake.tar.gz 2>&1 || echo ended with $?");
        Assert.Contains("this machine has no network", said, StringComparison.Ordinal);
        Assert.EndsWith("ended with 1", said.TrimEnd());
        Assert.DoesNotContain("retrying", said, StringComparison.Ordinal);
    }
}
