using System.Text;
using Firn.Model.StorePaths;
using Firn.Profiles;
using Firn.Profiles.UserEnvironments;

namespace Firn.Tests.Profiles.UserEnvironments;

public sealed class ManifestJsonTests
{
    private const string Path = "/nix/store/70qfvphd3bs1v4jngx844iw5drpivx05-bar-2";

    private const string Version3 =
        $$$"""{"elements":{"bar":{"active":true,"priority":5,"storePaths":["{{{Path}}}"]},"hello":{"active":false,"attrPath":"packages.x86_64-linux.hello","originalUrl":"flake:nixpkgs","outputs":["dev","out"],"priority":7,"storePaths":["{{{Path}}}"],"url":"github:NixOS/nixpkgs/0"}},"version":3}""";

    [Fact]
    public void What_is_read_is_written_the_same() => Assert.Equal(Version3, Rewrite(Version3));

    [Fact]
    public void Version_1_and_2_list_elements_without_names()
    {
        var element = Assert.Single(Read($$$"""{"version":2,"elements":[{"storePaths":["{{{Path}}}"],"active":true,"url":"u","originalUrl":"o","attrPath":"a","outputs":null}]}""").Elements);

        Assert.Null(element.Name);
        Assert.Equal(5, element.Priority);
        Assert.Equal(new ProfileElementSource("o", "u", "a", null), element.Source);
        Assert.Equal("u", Read($$$"""{"version":1,"elements":[{"storePaths":[],"active":true,"uri":"u","originalUri":"o","attrPath":"a"}]}""").Elements[0].Source!.LockedUrl);
    }

    [Theory]
    [InlineData("{\"version\":4,\"elements\":{}}")]
    [InlineData("{\"elements\":{}}")]
    [InlineData("{\"version\":3}")]
    [InlineData("{\"version\":3,\"elements\":{\"a\":1}}")]
    [InlineData("[")]
    [InlineData("{\"version\":\"x\"}")]
    public void A_manifest_that_cannot_be_understood_is_refused(string json) => Assert.Throws<ProfileException>(() => Read(json));

    private static ProfileManifest Read(string json) => ManifestJson.Read(Encoding.UTF8.GetBytes(json), "manifest.json", StoreDirectory.Default);

    private static string Rewrite(string json) => Encoding.UTF8.GetString(ManifestJson.Write(Read(json), StoreDirectory.Default));
}
