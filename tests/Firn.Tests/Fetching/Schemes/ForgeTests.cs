using System.Text;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes.Forges;

namespace Firn.Tests.Fetching.Schemes;

public sealed class ForgeTests
{
    private const string Revision = "55bc52401966fbffa525c574c14f67b00bc4fb3a";

    [Theory]
    [InlineData("github", null, false, "https://github.com/o/r/archive/" + Revision + ".tar.gz")]
    [InlineData("github", null, true, "https://api.github.com/repos/o/r/tarball/" + Revision)]
    [InlineData("github", "git.x.org", false, "https://git.x.org/api/v3/repos/o/r/tarball/" + Revision)]
    [InlineData("gitlab", null, false, "https://gitlab.com/api/v4/projects/o%2Fr/repository/archive.tar.gz?sha=" + Revision)]
    [InlineData("sourcehut", null, false, "https://git.sr.ht/o/r/archive/" + Revision + ".tar.gz")]
    public void An_archive_is_where_the_forge_has_it(string forge, string? host, bool hasToken, string url)
    {
        var input = Input(forge).With("rev", Revision);
        Assert.Equal(url, Find(forge).ArchiveUrl(host is null ? input : input.With("host", host), hasToken));
    }

    [Theory]
    [InlineData("github", "https://api.github.com/repos/o/r/commits/main", """{"sha":"55bc52401966fbffa525c574c14f67b00bc4fb3a"}""")]
    [InlineData("gitlab", "https://gitlab.com/api/v4/projects/o%2Fr/repository/commits?ref_name=main", """[{"id":"55bc52401966fbffa525c574c14f67b00bc4fb3a"}]""")]
    [InlineData("sourcehut", "https://git.sr.ht/o/r/info/refs", "1111111111111111111111111111111111111111\trefs/heads/mainline\n" + Revision + "\trefs/heads/main\n")]
    public void A_branch_is_looked_up_where_the_forge_says_its_revision(string forge, string url, string answer) => Assert.Equal(
        Revision,
        Find(forge).FindRevision(Input(forge).With("ref", "main"), asked => asked == url ? Encoding.UTF8.GetBytes(answer) : throw new InvalidOperationException(asked)));

    [Fact]
    public void The_token_for_the_longest_place_is_used()
    {
        var tokens = new Dictionary<string, string> { ["x.org"] = "all", ["x.org/o"] = "owner", ["x.org/o/other"] = "other", ["x.or"] = "none" };
        Assert.Equal("owner", ForgeTrees.FindToken(tokens, "x.org", "o", "r"));
        Assert.Equal("all", ForgeTrees.FindToken(tokens, "x.org", "oo", "r"));
        Assert.Null(ForgeTrees.FindToken(tokens, "y.org", "o", "r"));
    }

    private static InputAttributes Input(string forge) =>
        InputAttributes.Empty.With("type", forge).With("owner", "o").With("repo", "r");

    private static Forge Find(string name) => Forge.All.Single(f => f.Name == name);
}
