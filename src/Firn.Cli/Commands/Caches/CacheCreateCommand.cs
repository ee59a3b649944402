using Firn.CacheServer.Metadata;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary>The options that say what a cache is like.</summary>
internal sealed class CacheOptions
{
    private readonly List<Func<NamedCache, NamedCache>> _changes = [];
    private bool? _isPublic;

    public bool AreGiven => _changes.Count > 0;

    public void Declare(Grammar grammar) => grammar
        .Flag("public", "Everybody may fetch from it.", () => Open(true))
        .Flag("private", "Fetching needs a token.", () => Open(false))
        .Value("priority", "n", "Clients ask caches with lower numbers first; 40 by default.", v =>
        {
            var priority = SettingForm.ParseInteger("--priority", v) is var number and >= 0 and <= int.MaxValue
                ? (int)number
                : throw new UsageException($"'{v}' is no priority", $"Give a number from 0 to {int.MaxValue}; clients ask caches with lower numbers first.");
            _changes.Add(c => c with { Priority = priority });
        })
        .Value("retention", "span", "What nobody asked for that long may be collected, such as 90d; 'forever' keeps everything.", v =>
        {
            TimeSpan? retention = v == "forever" ? null : DurationText.Parse("--retention", v);
            _changes.Add(c => c with { Retention = retention });
        });

    public NamedCache Apply(NamedCache cache) => _changes.Aggregate(cache, (c, change) => change(c));

    private void Open(bool isPublic)
    {
        if (_isPublic is { } other && other != isPublic)
        {
            throw new UsageException("options --public and --private cannot be combined");
        }

        _isPublic = isPublic;
        _changes.Add(c => c with { IsPublic = isPublic });
    }
}

/// <summary><c>firn cache create</c>: makes a cache, and prints the first token for it.</summary>
internal sealed class CacheCreateCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private readonly CacheOptions _options = new();
    private string _name = "";

    public override string Summary => "make a binary cache on this machine's cache server";

    public override string Examples => """
        # Make a cache that everybody may fetch from, and keep the token to push with:
        $ firn cache create --public team > team.token
        """;

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        _options.Declare(grammar);
        grammar.Position("name", v => _name = v);
    }

    public override int Run(Session session, Output output)
    {
        using var folder = _folder.Make(session);
        var (cache, token) = CacheMaker.Make(folder.Metadata, _name, session.StoreDirectory, TimeProvider.System);
        folder.Metadata.Save(_options.Apply(cache));
        session.Log.Write(Verbosity.Notice, $"made the cache '{_name}'; this is a token that may pull and push, and it is shown only now:");
        output.Line(token);
        return 0;
    }
}

/// <summary><c>firn cache change</c>: changes what a cache is like.</summary>
internal sealed class CacheChangeCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private readonly CacheOptions _options = new();
    private string _name = "";

    public override string Summary => "change who may fetch from a cache, its priority, or how long it keeps what nobody asks for";

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        _options.Declare(grammar);
        grammar.Position("name", v => _name = v);
    }

    public override int Run(Session session, Output output)
    {
        if (!_options.AreGiven)
        {
            throw new UsageException("nothing to change was given");
        }

        using var folder = _folder.Open(session);
        folder.Metadata.Save(_options.Apply(folder.Get(_name)));
        return 0;
    }
}

/// <summary><c>firn cache delete</c>: removes a cache with all that it has.</summary>
internal sealed class CacheDeleteCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private string _name = "";

    public override string Summary => "remove a cache with all that it has, and its tokens";

    public override string Details => "The room on disk is given back by the next 'firn cache gc'.";

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        grammar.Position("name", v => _name = v);
    }

    public override int Run(Session session, Output output)
    {
        using var folder = _folder.Open(session);
        folder.Metadata.Remove(folder.Get(_name));
        return 0;
    }
}
