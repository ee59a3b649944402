using Firn.CacheServer;
using Firn.Cli;
using Firn.Cli.Commands;
using Firn.Cli.Commands.Caches;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Configuration;
using Firn.Tests.Building;
using Firn.Tests.CacheServer;
using Firn.Tests.Transfers;

namespace Firn.Tests.Cli.Commands.Caches;

/// <summary>The commands for caches: how they reach one, and what of their arguments makes no sense.</summary>
public sealed class CacheCommandTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string> _variables = [];

    public CacheCommandTests() => _variables["HOME"] = _home.Path;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Certificates_are_those_that_the_settings_name()
    {
        using var server = new TlsServer();
        File.WriteAllText($"{_home.Path}/ca.pem", server.Certificate);

        using (var session = Open())
        {
            Assert.Throws<CacheServerException>(() => new KnownCaches(session).Connect($"{server.Url}/team").GetConfiguration());
        }

        using (var session = Open(("ssl-cert-file", $"{_home.Path}/ca.pem")))
        {
            Assert.Equal("hello", new KnownCaches(session).Connect($"{server.Url}/team").GetConfiguration());
        }

        _variables["NIX_SSL_CERT_FILE"] = $"{_home.Path}/ca.pem";
        using (var session = Open())
        {
            Assert.Equal("hello", new KnownCaches(session).Connect($"{server.Url}/team").GetConfiguration());
        }
    }

    [Fact]
    public void An_address_has_the_token_that_was_remembered_for_it()
    {
        using var world = new ServedWorld();
        using var session = Open();
        var caches = new KnownCaches(session);
        caches.Add("ours", $"{world.Url}/team", world.Token);

        Assert.Contains("extra-substituters", caches.Connect("ours").GetConfiguration(), StringComparison.Ordinal);
        Assert.Contains("extra-substituters", caches.Connect($"{world.Url}/team/").GetConfiguration(), StringComparison.Ordinal);
        Assert.Contains("ours", Assert.Single(
            Assert.Throws<CacheServerException>(() => caches.Check("other")).Diagnostic.Hints, h => h.StartsWith("There are", StringComparison.Ordinal)), StringComparison.Ordinal);
        caches.Remove("ours");
        Assert.Throws<CacheServerException>(() => caches.Remove("ours"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a token")]
    [InlineData("firn_short")]
    public void What_is_no_token_is_not_remembered_as_one(string token)
    {
        using var session = Open();
        Assert.Throws<UsageException>(() => new KnownCaches(session).Add("team", "http://localhost/team", token));
    }

    [Theory]
    [InlineData("create", "team", "--priority", "99999999999")]
    [InlineData("create", "team", "--retention", "99999999w")]
    [InlineData("change", "open", "--public", "--private")]
    [InlineData("gc", "--grace", "99999999w")]
    [InlineData("token create", "a", "--push", "--cache", "open", "--cache", "team")]
    [InlineData("token create", "a", "--push", "--cache", "open", "--all-caches")]
    [InlineData("token create", "", "--push", "--cache", "open")]
    [InlineData("token create", "a\nb", "--push", "--cache", "open")]
    [InlineData("token create", "a", "--push", "--cache", "open", "--expires", "99999999w")]
    [InlineData("push", "open", "--jobs", "0")]
    [InlineData("push", "open", "--jobs", "-3")]
    [InlineData("list", "--data", "")]
    public void Arguments_that_make_no_sense_are_refused(string command, params string[] arguments)
    {
        _variables["FIRN_CACHE_DATA"] = $"{_home.Path}/data";
        Run("create", "open");
        Assert.Throws<UsageException>(() => Run(command, arguments));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_made_for_a_first_cache_only()
    {
        _variables["FIRN_CACHE_DATA"] = $"{_home.Path}/data";
        foreach (var (command, arguments) in new (string, string[])[] { ("list", []), ("gc", []), ("delete", ["x"]), ("token list", []), ("keys", ["x"]) })
        {
            Assert.Throws<CacheServerException>(() => Run(command, arguments));
        }

        Assert.False(Directory.Exists($"{_home.Path}/data"));
        _variables["FIRN_CACHE_DATA"] = "";
        Assert.True(Record.Exception(() => Run("list")) is null or CacheServerException);
        _variables["FIRN_CACHE_DATA"] = $"{_home.Path}/data";
        Run("create", "team");
        Assert.StartsWith("team: private", Run("list"), StringComparison.Ordinal);
        Assert.Contains("first token", Run("token list"), StringComparison.Ordinal);
        Run("token create", "ci", "--push", "--cache", "team", "--expires", "1h");
        Assert.Matches(@"until \d{4}-\d\d-\d\d \d\d:\d\d UTC", Run("token list"));
    }

    private string Run(string command, params string[] arguments)
    {
        var (found, _, remaining) = CommandTable.Find(["cache", .. command.Split(' '), .. arguments], new CommonOptions(), "firn");
        var grammar = new Grammar();
        found.Declare(grammar);
        ArgumentParser.Parse(grammar, remaining);
        using var session = Open();
        using var written = new MemoryStream();
        using (var output = new Output(written))
        {
            found.Run(session, output);
            output.Flush();
        }

        return System.Text.Encoding.UTF8.GetString(written.ToArray());
    }

    private Session Open(params (string Name, string Value)[] settings) => new(
        new ConfigurationFiles(Find), [.. settings.Select(s => new Assignment(s.Name, s.Value, true))], Find, new RecordingLog());

    private string? Find(string name) => _variables.GetValueOrDefault(name);
}
