using System.Text;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Profiles.Channels;

namespace Firn.Tests.Profiles.Channels;

public sealed class ChannelTests
{
    [Fact]
    public void The_list_is_read_with_and_without_names_and_written_with_them()
    {
        var list = ChannelList.Parse("# mine\nhttps://h/nixos-25.11/ nixos\n\n  https://h/nixpkgs-unstable\nfile:///a  b  more\n");

        Assert.Equal("file:///a b\nhttps://h/nixos-25.11 nixos\nhttps://h/nixpkgs-unstable nixpkgs-unstable\n", list.ToString());
        Assert.Equal("https://h/x nixos\n", ChannelList.Empty.With("https://h/x", "nixos").ToString());
        Assert.Equal("", list.Without("b").Without("nixos").Without("nixpkgs-unstable").ToString());
    }

    [Theory]
    [InlineData("ftp://h/x", "x", "invalid channel URL 'ftp://h/x'")]
    [InlineData("https://h/x", "-x", "invalid channel identifier '-x'")]
    [InlineData("https://h/x", "a/b", "invalid channel identifier 'a/b'")]
    [InlineData("https://h/x", "", "invalid channel identifier ''")]
    public void What_cannot_be_a_channel_is_refused(string url, string name, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => ChannelList.Empty.With(url, name)).Message);

    [Theory]
    [InlineData("https://h/nixpkgs-unstable", "nixpkgs")]
    [InlineData("https://h/foo-stable", "foo")]
    [InlineData("https://h/nixos-25.11", "nixos-25.11")]
    public void A_channel_is_called_after_its_URL(string url, string name) => Assert.Equal(name, ChannelList.DefaultName(url));

    [Theory]
    [InlineData("nixos", "https://h/nixos-25.11", "nixos-25.11")]
    [InlineData("mine", "https://h/nixpkgs-unstable", "mine")]
    [InlineData("mine", "https://h/a-1-b-2", "mine-1-b-2")]
    public void Its_package_has_the_version_of_the_URL(string name, string url, string package) =>
        Assert.Equal(package, ChannelList.PackageName(name, url));

    [Fact]
    public void The_derivation_is_the_one_that_C_plus_plus_Nix_makes()
    {
        var derivation = ChannelDerivation.Make("foo-1.2", "foo", StorePath.Parse("wf1nclb6lzydwcp3jrxdz1f6nfzvd5df-nixexprs.tar.bz2"), StoreDirectory.Default);

        Assert.Equal(
            """Derive([("out","/nix/store/336sx0qjd4b31j6bklfmh7b5jmbq3n8q-foo-1.2","","")],[],["/nix/store/wf1nclb6lzydwcp3jrxdz1f6nfzvd5df-nixexprs.tar.bz2"],"builtin","builtin:unpack-channel",[],[("builder","builtin:unpack-channel"),("channelName","foo"),("name","foo-1.2"),("out","/nix/store/336sx0qjd4b31j6bklfmh7b5jmbq3n8q-foo-1.2"),("preferLocalBuild","1"),("src","/nix/store/wf1nclb6lzydwcp3jrxdz1f6nfzvd5df-nixexprs.tar.bz2"),("system","builtin")])""",
            Encoding.UTF8.GetString(DerivationAterm.Write(derivation, StoreDirectory.Default)));
    }
}
