using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Flakes.References;

/// <summary>What C++ Nix 2.34.8 answers to <c>parseFlakeRef</c> and <c>flakeRefToString</c>.</summary>
public sealed class FlakeReferenceTests
{
    private const string Revision = "55bc52401966fbffa525c574c14f67b00bc4fb3a";

    private static readonly InputForms _forms = new(new FetchSettings());

    [Theory]
    [InlineData("nixpkgs", """{"id":"nixpkgs","type":"indirect"}""")]
    [InlineData("nixpkgs/nixos-23.05", """{"id":"nixpkgs","ref":"nixos-23.05","type":"indirect"}""")]
    [InlineData("nixpkgs/a/" + Revision, """{"id":"nixpkgs","ref":"a","rev":"55bc52401966fbffa525c574c14f67b00bc4fb3a","type":"indirect"}""")]
    [InlineData("/tmp/x", """{"path":"/tmp/x","type":"path"}""")]
    [InlineData("path:../x?dir=b", """{"dir":"b","path":"../x","type":"path"}""")]
    [InlineData("path:/tmp/x?lastModified=1", """{"lastModified":1,"path":"/tmp/x","type":"path"}""")]
    [InlineData("git+file:a?dir=x", """{"dir":"x","type":"git","url":"file:a"}""")]
    [InlineData("git+ssh://git@example.org/a/b?ref=c&dir=x", """{"dir":"x","ref":"c","type":"git","url":"ssh://git@example.org/a/b"}""")]
    [InlineData("github:a/b/c/d", """{"owner":"a","ref":"c/d","repo":"b","type":"github"}""")]
    [InlineData("github:NixOS/nixpkgs/23.05?dir=lib", """{"dir":"lib","owner":"NixOS","ref":"23.05","repo":"nixpkgs","type":"github"}""")]
    [InlineData("gitlab:veloren%2Fdev/rfcs?dir=x", """{"dir":"x","owner":"veloren/dev","repo":"rfcs","type":"gitlab"}""")]
    [InlineData("sourcehut:~a/b/" + Revision + "?host=git.x", """{"host":"git.x","owner":"~a","repo":"b","rev":"55bc52401966fbffa525c574c14f67b00bc4fb3a","type":"sourcehut"}""")]
    [InlineData("https://example.org/x", """{"type":"tarball","url":"https://example.org/x"}""")]
    [InlineData("file+https://example.org/x", """{"type":"file","url":"https://example.org/x"}""")]
    public void Text_becomes_the_attributes_that_upstream_gives(string text, string json) =>
        Assert.Equal(json, FlakeReference.Parse(text, _forms).ToAttributes().ToJson());

    [Theory]
    [InlineData("""{"type":"git","url":"https://x.org/y","ref":"m","dir":"a/b c","submodules":true}""", "git+https://x.org/y?dir=a/b%20c&ref=m&submodules=1")]
    [InlineData("""{"type":"indirect","id":"c","ref":"x/y","dir":"a"}""", "flake:c/x%2Fy?dir=a")]
    [InlineData("""{"type":"path","path":"/tmp/a b","lastModified":3,"dir":"a"}""", "path:/tmp/a%20b?dir=a&lastModified=3")]
    [InlineData("""{"type":"github","owner":"a/b","repo":"c","host":"x.y"}""", "github:a%2Fb/c?host=x.y")]
    [InlineData("""{"type":"github","owner":"NixOS","repo":"nixpkgs","ref":"23.05","dir":"lib"}""", "github:NixOS/nixpkgs/23.05?dir=lib")]
    [InlineData("""{"type":"tarball","url":"https://x.org/a.tar?x=y"}""", "https://x.org/a.tar?x=y")]
    public void Attributes_become_the_text_that_upstream_gives(string json, string text) =>
        Assert.Equal(text, FlakeReference.FromAttributes(InputAttributes.ParseJson(json), _forms).ToText(_forms));

    [Theory]
    [InlineData("nixpkgs#hello", "unexpected fragment 'hello' in flake reference 'nixpkgs#hello'")]
    [InlineData("./x", "flake reference './x' is not an absolute path")]
    [InlineData("foo://x", "input 'foo://x' is unsupported")]
    [InlineData("nixpkgs/a/b", "in flake URL 'flake:nixpkgs/a/b', 'b' is not a commit hash")]
    [InlineData("github:a/b?ref=x&rev=" + Revision, "contains both a commit hash")]
    public void What_is_no_reference_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<FirnException>(() => FlakeReference.Parse(text, _forms)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_fragment_is_given_back_decoded() =>
        Assert.Equal("packages.\"a b\"^dev", FlakeReference.ParseWithFragment("nixpkgs#packages.\"a b\"^dev", _forms).Fragment);
}
