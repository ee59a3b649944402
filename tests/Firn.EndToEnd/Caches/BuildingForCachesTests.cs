namespace Firn.EndToEnd.Caches;

/// <summary>Builds for a binary cache, in which nothing can be built: another store does it, and the cache gets what came of it.</summary>
public sealed class BuildingForCachesTests : IDisposable
{
    private const string Expression = """
        let
          build = attributes: script: derivation ({
            system = builtins.currentSystem;
            builder = "/bin/sh";
            args = [ "-c" script ];
          } // attributes);
          floating = { __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; };
          parts = map (n: build { name = "part-${toString n}"; } "echo ${toString n} > $out") [ 1 2 3 4 ];
        in
        {
          top = build { name = "top"; } "for p in ${toString parts}; do read -r x < $p; echo $x; done > $out";
          bad = build { name = "bad"; } "read -r x < ${build { name = "low"; } "exit 3"}; echo $x > $out";
          floating = build (floating // { name = "floating"; }) "read -r x < ${build (floating // { name = "low"; }) "echo low > $out"}; echo $x > $out";
        }
        """;

    private readonly Machine _machine = new(Machine.StaticShell, "sandbox = true", "max-jobs = 0");
    private readonly string _file;

    public BuildingForCachesTests()
    {
        Assert.SkipUnless(Machine.HasReference, "the static shell comes with C++ Nix: eng/reference install");
        _file = _machine.Write("set.nix", Expression);
    }

    private string Cache => $"file://{_machine.Home}/cache";

    private string Builders => $"{_machine.Home}/there - - 2 1";

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_cache_gets_what_another_store_builds()
    {
        Assert.Contains("name one with '--builders'", _machine.Fails("nix-build", _file, "-A", "top", "--no-out-link", "--store", Cache).Errors, StringComparison.Ordinal);
        var output = Build("top", Builders);
        Assert.Equal(output, _machine.Firn("nix", "path-info", "--store", Cache, output));
        Assert.Equal("1\n2\n3\n4", _machine.Firn("nix", "store", "cat", "--store", Cache, output));
        Assert.Equal(output, Build("top", ""));
        Assert.False(File.Exists($"{_machine.Home}/../nix{output["/nix".Length..]}"));
    }

    [Fact]
    public void What_is_named_by_its_content_is_found_again()
    {
        string[] features = ["--extra-experimental-features", "ca-derivations"];
        var output = Build("floating", Builders + " ca-derivations", features);
        Assert.Equal("low", _machine.Firn("nix", "store", "cat", "--store", Cache, output));
        Assert.Equal(output, Build("floating", "", features));
    }

    [Fact]
    public void When_a_part_fails_what_needs_it_is_not_built()
    {
        var failure = _machine.Fails("nix-build", _file, "-A", "bad", "--no-out-link", "--store", Cache, "--builders", Builders);
        Assert.Contains("1 dependency failed", failure.Errors, StringComparison.Ordinal);
    }

    private string Build(string attribute, string builders, params string[] more) =>
        _machine.Firn("nix-build", [_file, "-A", attribute, "--no-out-link", "--store", Cache, "--builders", builders, .. more]);
}
