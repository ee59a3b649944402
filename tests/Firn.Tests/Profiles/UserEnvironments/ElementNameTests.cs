using System.Collections.Immutable;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Profiles.UserEnvironments;

namespace Firn.Tests.Profiles.UserEnvironments;

public sealed class ElementNameTests
{
    [Theory]
    [InlineData("flake:nixpkgs", "legacyPackages.x86_64-linux.hello", null, "hello")]
    [InlineData("flake:nixpkgs", "legacyPackages.x86_64-linux.hello", "man,out", "hello")]
    [InlineData("github:NixOS/nix", "packages.x86_64-linux.default", null, "nix")]
    [InlineData("github:NixOS/nix/2.34-maintenance", "packages.x86_64-linux.default", "*", "nix")]
    [InlineData("git+https://example.org/some/tool?ref=main", "packages.x86_64-linux.default", null, "tool")]
    [InlineData("git+file:///home/me/tool?dir=inner", "packages.x86_64-linux.other", null, "inner")]
    [InlineData("path:/home/me/tool", "defaultPackage.x86_64-linux", null, "tool")]
    [InlineData("path:/home/me/two words", "packages.x86_64-linux.default", null, "path:/home/me/two words#packages.x86_64-linux.default")]
    [InlineData("https://example.org", "packages.x86_64-linux.default", null, "https://example.org#packages.x86_64-linux.default")]
    public void What_comes_from_a_flake_is_called_after_it(string url, string attribute, string? outputs, string expected) =>
        Assert.Equal(expected, Name(new(url, url, attribute, outputs?.Split(',').ToImmutableArray())));

    [Fact]
    public void What_does_not_is_called_after_its_objects() => Assert.Equal("bar, foo", Name(null));

    [Fact]
    public void A_name_that_is_taken_gets_a_number()
    {
        var element = Element(null);
        var manifest = ProfileManifest.Empty.Add(element).Add(element).Add(element);
        Assert.Equal(["bar, foo", "bar, foo-1", "bar, foo-2"], manifest.Elements.Select(e => e.Name));
        Assert.Equal(["bar, foo", "bar, foo-2"], manifest.Without(new HashSet<string> { "bar, foo-1" }).Elements.Select(e => e.Name));
    }

    [Fact]
    public void Versions_are_those_of_all_its_objects() => Assert.Equal("ε, 1.0", Element(null).Versions);

    private static string? Name(ProfileElementSource? source) => ProfileManifest.Empty.Add(Element(source)).Elements[0].Name;

    private static ProfileElement Element(ProfileElementSource? source) => new()
    {
        Name = null,
        Source = source,
        StorePaths = [.. ((string[])["foo-1.0", "bar"]).Select(n => StorePath.Of(Hash.Sha256("x"u8).Fold(20), n)).Order()],
    };
}
