using Firn.Fetching.Schemes.Git;
using Firn.Fetching.Urls;
using Firn.Fetching;
using Firn.Transfers;

namespace Firn.Tests.Fetching;

public sealed class UrlTests
{
    [Theory]
    [InlineData("https://user:pw@example.org:8080/a/b%20c?x=1&y=%26#frag")]
    [InlineData("file:///a/b")]
    [InlineData("file:a/b")]
    [InlineData("path:./x?narHash=sha256-AAA")]
    [InlineData("git+ssh://git@example.org/x.git?ref=main")]
    [InlineData("github:NixOS/nixpkgs")]
    public void What_is_read_is_written_the_same(string text)
    {
        var url = Url.Parse(text);

        Assert.Equal(url, Url.Parse(url.ToString()));
    }

    [Fact]
    public void A_URL_is_taken_apart()
    {
        var url = Url.Parse("git+https://u@h:1/a%2Bb/c.git/?ref=x%20y#f%23g");

        Assert.Equal(("git", "https", "u@h:1", "/a+b/c.git/", "c.git", "f#g"), (url.Application, url.Transport, url.Authority, url.Path, url.LastSegment, url.Fragment));
        Assert.Equal("x y", url.Query["ref"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a/b")]
    [InlineData("file://host/a")]
    [InlineData("http://h/a b")]
    [InlineData("http://h/%zz")]
    [InlineData("1a:b")]
    public void What_is_no_URL_is_refused(string text) => Assert.Throws<FetchException>(() => Url.Parse(text));

    [Theory]
    [InlineData("/a/b c", "file:///a/b%20c")]
    [InlineData("git@github.com:NixOS/nix.git", "ssh://git@github.com/NixOS/nix.git")]
    [InlineData("git+file:///a", "file:///a")]
    [InlineData("https://h/x", "https://h/x")]
    [InlineData("./x", "file:./x")]
    public void Places_of_repositories_are_brought_into_one_form(string text, string url) => Assert.Equal(url, GitUrl.Normalise(text));

    [Theory]
    [InlineData("https://h/a/b.git", "../c.git", "https://h/a/c.git")]
    [InlineData("https://h/a/b.git/", "./c", "https://h/a/b.git/c")]
    [InlineData("https://h/a", "https://other/x", "https://other/x")]
    public void Relative_submodules_are_found_from_their_repository(string repository, string url, string found) =>
        Assert.Equal(found, GitUrl.ResolveSubmodule(repository, url));

    [Fact]
    public void A_submodule_above_everything_is_refused() => Assert.Throws<FetchException>(() => GitUrl.ResolveSubmodule("/a/b", "../../c"));

    [Theory]
    [InlineData("main", true)]
    [InlineData("refs/heads/a/b", true)]
    [InlineData("HEAD", true)]
    [InlineData("@", false)]
    [InlineData("a..b", false)]
    [InlineData("a.lock", false)]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    [InlineData("a/", false)]
    public void Names_that_git_does_not_take_for_branches_are_told(string name, bool legal) => Assert.Equal(legal, GitUrl.IsLegalReference(name));

    [Theory]
    [InlineData("https://user:pw@h/x", "https://***@h/x")]
    [InlineData("https://h/x@y", "https://h/x@y")]
    [InlineData("https://token@h", "https://***@h")]
    public void Passwords_are_not_shown(string url, string shown) => Assert.Equal(shown, UrlRedaction.Redact(url));

    [Fact]
    public void Logins_are_found_by_host_or_by_default()
    {
        var netrc = Netrc.Parse("machine a.org\n  login me password s3cret\nmachine b.org login you\npassword x default login anyone password y");

        Assert.Equal(("me:s3cret", "you:x", "anyone:y"), (netrc.Find("a.org"), netrc.Find("b.org"), netrc.Find("c.org")));
    }
}
