namespace Firn.EndToEnd.BadInput;

/// <summary>Restricted evaluation fetches nothing but what <c>allowed-uris</c> and the search path name, however it is written.</summary>
public sealed class RestrictedFetchTests : IDisposable
{
    private readonly Machine _machine = new("extra-experimental-features = flakes", "restrict-eval = true");

    public RestrictedFetchTests() => _machine.Write("secret/file", "secret");

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("fetchTree { type = \"path\"; path = \"HOME/secret\"; }", "path:HOME/secret")]
    [InlineData("fetchTree \"path:HOME/secret\"", "path:HOME/secret")]
    [InlineData("fetchTree { type = \"github\"; owner = \"o\"; repo = \"r\"; }", "github:o/r")]
    [InlineData("fetchTree { type = \"git\"; url = \"file://HOME/secret\"; }", "git+file://HOME/secret?shallow=1")]
    [InlineData("fetchTree { type = \"hg\"; url = \"file://HOME/secret\"; }", "hg+file://HOME/secret")]
    [InlineData("fetchGit \"HOME/secret\"", "git+file://HOME/secret?exportIgnore=1")]
    public void What_is_not_allowed_is_not_fetched(string call, string uri)
    {
        var failure = Fails(call);
        Assert.Contains($"access to URI '{InHome(uri)}' is forbidden in restricted mode", failure.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fetchTree \"file://HOME/secret/file\"")]
    [InlineData("fetchMercurial \"HOME/secret\"")]
    [InlineData("fetchMercurial \"file://HOME/secret\"")]
    public void Paths_are_looked_at_as_those_that_are_read(string call) =>
        Assert.Contains("forbidden in restricted mode", Fails(call).Errors, StringComparison.Ordinal);

    [Fact]
    public void What_is_allowed_is_fetched() => Assert.Equal("secret", _machine.Firn(
        "nix", "eval", "--impure", "--raw", "--allowed-uris", $"path:{_machine.Home}", "--expr",
        InHome("builtins.readFile (builtins.fetchTree { type = \"path\"; path = \"HOME/secret\"; } + \"/file\")")));

    private Failure Fails(string call) => _machine.Fails("nix", "eval", "--impure", "--expr", InHome($"builtins.{call}"));

    private string InHome(string text) => text.Replace("HOME", _machine.Home, StringComparison.Ordinal);
}
