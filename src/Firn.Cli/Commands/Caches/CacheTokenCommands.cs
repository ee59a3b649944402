using System.Globalization;
using Firn.CacheServer;
using Firn.CacheServer.Metadata;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache token create</c>: makes a token and prints it.</summary>
internal sealed class CacheTokenCreateCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private string _name = "";
    private string? _cache;
    private bool _all, _pull, _push;
    private TimeSpan? _life;

    public override string Summary => "make a token for a cache";

    public override string Examples => """
        # A token for the build machines, which may push to 'team' for half a year:
        $ firn cache token create ci --cache team --push --expires 26w
        """;

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        grammar
            .Value("cache", "name", "The cache that it is for.", v => _cache = _cache is null || _cache == v ? v : throw new UsageException("a token is for one cache or for all", "Make one token for each, or give '--all-caches'."))
            .Flag("all-caches", "It is for all caches, also those to come.", () => _all = true)
            .Flag("pull", "It lets one fetch.", () => _pull = true)
            .Flag("push", "It lets one upload.", () => _push = true)
            .Value("expires", "span", "How long it is good, such as 90d; without this, until it is revoked.", v => _life = DurationText.Parse("--expires", v))
            .Position("label", v => _name = v);
    }

    public override int Run(Session session, Output output)
    {
        if (_name.Length == 0 || _name.Any(char.IsControl))
        {
            throw new UsageException("a token's label must be one line of text", "Write what the token is for, such as 'ci'.");
        }

        if (_all && _cache is not null)
        {
            throw new UsageException("options --cache and --all-caches cannot be combined");
        }

        if (!_all && _cache is null)
        {
            throw new UsageException("say which cache the token is for", "Give '--cache NAME' or '--all-caches'.");
        }

        if (!_pull && !_push)
        {
            throw new UsageException("say what the token allows", "Give '--pull', '--push' or both.");
        }

        using var folder = _folder.Open(session);
        var token = new AccessToken(0, _name, "", _cache is null ? null : folder.Get(_cache).Id, _pull, _push)
        {
            Expires = _life is { } life ? TimeProvider.System.GetUtcNow() + life : null,
        };
        output.Line(CacheMaker.MakeToken(folder.Metadata, token, TimeProvider.System));
        return 0;
    }
}

/// <summary><c>firn cache token list</c>: lists tokens by what they are for.</summary>
internal sealed class CacheTokenListCommand : Command
{
    private readonly CacheFolderOption _folder = new();

    public override string Summary => "list the tokens of this machine's cache server";

    public override void Declare(Grammar grammar) => _folder.Declare(grammar);

    public override int Run(Session session, Output output)
    {
        using var folder = _folder.Open(session);
        var names = folder.Metadata.ListCaches().ToDictionary(c => c.Id, c => c.Name);
        foreach (var token in folder.Metadata.ListTokens())
        {
            var rights = string.Join(" and ", new[] { token.MayPull ? "pull" : "", token.MayPush ? "push" : "" }.Where(r => r.Length > 0));
            var end = token.Revoked is { } revoked ? $", revoked {Day(revoked)}" : token.Expires is { } expires ? $", until {expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" : "";
            output.Line($"{token.Id}: {token.Name}: {rights}, {(token.CacheId is { } id ? names[id] : "all caches")}, made {Day(token.Created)}{end}");
        }

        return 0;
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary><c>firn cache token revoke</c>: makes a token worthless.</summary>
internal sealed class CacheTokenRevokeCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private string _id = "";

    public override string Summary => "make a token worthless, at once";

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        grammar.Position("number", v => _id = v);
    }

    public override int Run(Session session, Output output)
    {
        using var folder = _folder.Open(session);
        var token = folder.Metadata.ListTokens().FirstOrDefault(t => t.Id.ToString(CultureInfo.InvariantCulture) == _id)
            ?? throw new CacheServerException(CacheServerErrors.NoToken, $"there is no token {_id}", null, "'firn cache token list' shows their numbers.");
        folder.Metadata.Save(token with { Revoked = token.Revoked ?? TimeProvider.System.GetUtcNow() });
        return 0;
    }
}
