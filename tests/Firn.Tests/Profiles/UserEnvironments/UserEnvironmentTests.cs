using System.Text;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Profiles.UserEnvironments;

namespace Firn.Tests.Profiles.UserEnvironments;

/// <summary>All expected text and paths were made by C++ Nix 2.34.8's nix-env from the same packages.</summary>
public sealed class UserEnvironmentTests
{
    private static readonly StoreDirectory _store = StoreDirectory.Default;
    private static readonly StorePath _foo = StorePath.Parse("s0g2xnvfhhg4ciifz3pyc7mgs0sxv5s7-foo-1.0");
    private static readonly StorePath _bar = StorePath.Parse("70qfvphd3bs1v4jngx844iw5drpivx05-bar-2");

    private static readonly UserEnvironmentElement[] _elements =
    [
        new()
        {
            Name = "foo-1.0",
            System = "x86_64-linux",
            OutPath = _foo,
            Outputs = [new("out", _foo)],
            Meta =
            [
                new("big", new MetaValue.Number(12345678.25)),
                new("description", Text("A ${silly}\t\"package\"\n")),
                new("empty", new MetaValue.List([])),
                new("license", new MetaValue.Set([new("free", new MetaValue.Flag(true)), new("nested", new MetaValue.Set([]))])),
                new("platforms", new MetaValue.List([Text("a"), Text("b")])),
                new("priority", new MetaValue.Integer(7)),
                new("small", new MetaValue.Number(0.00001234)),
                new("x-y", new MetaValue.Number(1.5)),
            ],
        },
        new() { Name = "bar-2", System = "x86_64-linux", OutPath = _bar, Outputs = [new("out", _bar)] },
    ];

    [Fact]
    public void The_manifest_has_the_bytes_that_C_plus_plus_Nix_writes() =>
        Assert.Equal(
            """
            [ { meta = { big = 1.23457e+07; description = "A \${silly}\t\"package\"\n"; empty = [ ]; license = { free = true; nested = { }; }; platforms = [ "a" "b" ]; priority = 7; small = 1.234e-05; x-y = 1.5; }; name = "foo-1.0"; out = { outPath = "/nix/store/s0g2xnvfhhg4ciifz3pyc7mgs0sxv5s7-foo-1.0"; }; outPath = "/nix/store/s0g2xnvfhhg4ciifz3pyc7mgs0sxv5s7-foo-1.0"; outputs = [ "out" ]; system = "x86_64-linux"; type = "derivation"; } { meta = { }; name = "bar-2"; out = { outPath = "/nix/store/70qfvphd3bs1v4jngx844iw5drpivx05-bar-2"; }; outPath = "/nix/store/70qfvphd3bs1v4jngx844iw5drpivx05-bar-2"; outputs = [ "out" ]; system = "x86_64-linux"; type = "derivation"; } ]
            """,
            Encoding.UTF8.GetString(ManifestNix.Write(_elements, _store)));

    [Theory]
    [InlineData(1e-10, "1.0e-10")]
    [InlineData(100000.0, "100000")]
    [InlineData(1000000.0, "1.0e+06")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.0, "0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(999999.5, "1.0e+06")]
    public void Numbers_have_six_digits_and_can_be_read_back(double number, string text)
    {
        var element = _elements[1] with { Meta = [new("n", new MetaValue.Number(number))] };

        Assert.Contains($"{{ n = {text}; }}", Encoding.UTF8.GetString(ManifestNix.Write([element], _store)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_identifier_is_quoted_so_that_it_can_be_read_back()
    {
        var element = _elements[1] with { Meta = [new("a b", new MetaValue.Flag(true))] };

        Assert.Contains("{ \"a b\" = true; }", Encoding.UTF8.GetString(ManifestNix.Write([element], _store)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_derivation_is_the_one_that_C_plus_plus_Nix_makes()
    {
        var derivation = UserEnvironmentDerivation.Make(_elements, StorePath.Parse("as92k2rwy9q5m3ad456mvhjp8vx57s1z-env-manifest.nix"), _store);

        var expected = """Derive([("out","/nix/store/gyf87q5dafn7s82jx913zc7d3lhmyv9j-user-environment","","")],[],["/nix/store/as92k2rwy9q5m3ad456mvhjp8vx57s1z-env-manifest.nix"],"builtin","builtin:buildenv",[],[("allowSubstitutes",""),("builder","builtin:buildenv"),("derivations","true 7 1 /nix/store/s0g2xnvfhhg4ciifz3pyc7mgs0sxv5s7-foo-1.0 true 5 1 /nix/store/70qfvphd3bs1v4jngx844iw5drpivx05-bar-2"),("manifest","/nix/store/as92k2rwy9q5m3ad456mvhjp8vx57s1z-env-manifest.nix"),("name","user-environment"),("out","/nix/store/gyf87q5dafn7s82jx913zc7d3lhmyv9j-user-environment"),("preferLocalBuild","1"),("system","builtin")])""";
        Assert.Equal(expected, Encoding.UTF8.GetString(DerivationAterm.Write(derivation, _store)));
    }

    [Fact]
    public void A_package_can_be_switched_off_and_keeps_its_own_priority()
    {
        var inactive = _elements[1].WithMeta("active", Text("false")).WithMeta("priority", Text("3"));

        Assert.Equal(
            $"false 3 1 /nix/store/{_bar}",
            UserEnvironmentDerivation.Make([inactive], _bar, _store).FindEnvironment("derivations"u8)?.ToString());
    }

    private static MetaValue.Text Text(string text) => new(ByteString.Of(text));
}
