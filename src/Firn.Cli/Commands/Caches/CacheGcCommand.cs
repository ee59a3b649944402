using Firn.CacheServer.Collecting;
using Firn.CacheServer.Pages;
using Firn.Cli.Parsing;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache gc</c>: removes from caches what nobody asked for in a long time.</summary>
internal sealed class CacheGcCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private TimeSpan? _retention;
    private TimeSpan _grace = CacheCollector.UsualGrace;
    private bool _isDry;

    public override string Summary => "remove what nobody asked for longer than the caches' retention, and give back the room";

    public override string Details => "What something kept refers to is kept. The server may run meanwhile.";

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        grammar
            .Value("retention", "span", "Remove what nobody asked for that long, whatever the caches say.", v => _retention = DurationText.Parse("--retention", v))
            .Value("grace", "span", "Leave alone what was pushed or asked for within that time: uploads that go on may need it; 1h by default.", v => _grace = DurationText.Parse("--grace", v))
            .Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true);
    }

    public override int Run(Session session, Output output)
    {
        using var folder = _folder.Open(session);
        folder.AwaitUse(session.Cancellation);
        var collector = new CacheCollector(folder.Metadata, folder.Blobs, TimeProvider.System, session.Log) { Grace = _grace };
        var result = collector.Collect(_retention, _isDry, session.Cancellation);
        output.Line(_isDry ? $"{result.Paths} paths would be removed" : $"{result.Paths} paths removed, {Sizes.Of(result.Bytes)} freed");
        return 0;
    }
}
