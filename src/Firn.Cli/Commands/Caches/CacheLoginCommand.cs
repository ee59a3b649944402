using System.Text;
using Firn.Cli.Parsing;
using Firn.Platform.Files;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache login</c>: remembers where a cache is, and a token for it.</summary>
internal sealed class CacheLoginCommand : Command
{
    private string _name = "", _url = "";
    private string? _file;

    public override string Summary => "give a cache a name on this machine, and remember a token for it";

    public override string Examples => """
        # The token is read from a file, or else from standard input, so that no list of processes shows it:
        $ firn cache login team https://cache.example.org/team --token-file team.token
        """;

    public override void Declare(Grammar grammar) => grammar
        .Value("token-file", "file", "Read the token from file.", v => _file = v)
        .Position("name", v => _name = v)
        .Position("url", v => _url = v);

    public override int Run(Session session, Output output)
    {
        var text = _file is null ? Console.In.ReadLine() : Encoding.UTF8.GetString(FileContent.ReadAll(_file));
        new KnownCaches(session).Add(_name, _url, text?.Trim());
        return 0;
    }
}

/// <summary><c>firn cache logout</c>: forgets a cache and its token.</summary>
internal sealed class CacheLogoutCommand : Command
{
    private string _name = "";

    public override string Summary => "forget a cache's name and its token";

    public override void Declare(Grammar grammar) => grammar.Position("name", v => _name = v);

    public override int Run(Session session, Output output)
    {
        new KnownCaches(session).Remove(_name);
        return 0;
    }
}

/// <summary><c>firn cache pull-config</c>: prints the configuration by which clients fetch from a cache.</summary>
internal sealed class CachePullConfigCommand : Command
{
    private string _cache = "";

    public override string Summary => "print the lines of nix.conf that make a client fetch from a cache";

    public override string Examples => """
        # Let this user fetch from it:
        $ firn cache pull-config team >> ~/.config/nix/nix.conf
        """;

    public override void Declare(Grammar grammar) => grammar.Position("cache", v => _cache = v);

    public override int Run(Session session, Output output)
    {
        output.Text.Write(new KnownCaches(session).Connect(_cache).GetConfiguration());
        return 0;
    }
}
