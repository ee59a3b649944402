using System.Text.Json;

namespace Firn.EndToEnd.Building;

/// <summary>Impure derivations: built anew each time, and only the build knows what came of it.</summary>
public sealed class ImpureBuildTests : IDisposable
{
    private readonly Machine _machine = new("extra-experimental-features = ca-derivations impure-derivations", "sandbox = false");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Each_build_tells_where_its_own_outputs_are_and_leaves_nothing_else()
    {
        _machine.Write("count", "0");
        _machine.Write("impure.nix", """
            derivation {
              name = "impure"; system = builtins.currentSystem; builder = "/bin/sh"; outputs = [ "out" "link" ]; __impure = true;
              args = [ "-c" "read n < $COUNT; PATH=/bin; mkdir $out; echo $n > $out/n; ln -s $out/n $link; echo $((n + 1)) > $COUNT" ];
              COUNT = toString ./count;
            }
            """);
        foreach (var expected in (ReadOnlySpan<string>)["0", "1"])
        {
            using var json = JsonDocument.Parse(_machine.Firn("nix", "build", "--no-link", "--json", "-f", "./impure.nix", "all"));
            var outputs = json.RootElement[0].GetProperty("outputs");
            Assert.Equal(expected, _machine.Shell($"cat {outputs.GetProperty("out")}/n {outputs.GetProperty("link")} | uniq"));
            Assert.Equal(outputs.GetProperty("out") + "/n", _machine.Shell($"readlink {outputs.GetProperty("link")}"));
        }

        Assert.Equal(
            _machine.Shell($"{Machine.FirnCommands}/nix path-info --all | sort"),
            _machine.Shell("ls -d /nix/store/*-* | grep -v '[.]lock$' | sort"));
    }

    [Fact]
    public void What_a_build_that_failed_left_is_not_in_the_way_of_the_next()
    {
        _machine.Write("floating.nix", """
            derivation {
              name = "floating"; system = builtins.currentSystem; builder = "/bin/sh";
              __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256";
              args = [ "-c" "PATH=/bin; mkdir $out || exit 2; test -e $GO || exit 1; echo it > $out/it" ];
              GO = toString ./go;
            }
            """);
        Assert.Contains("exit code 1", _machine.Fails("nix", "build", "--no-link", "-f", "./floating.nix").Errors, StringComparison.Ordinal);
        _machine.Write("go", "");
        Assert.Equal("it", _machine.Shell($"cat $({Machine.FirnCommands}/nix build --no-link --print-out-paths -f ./floating.nix)/it"));
    }
}
