using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Model.Builds;
using Firn.Model.Settings;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache push</c>: uploads objects and all they refer to, as far as the cache does not have them.</summary>
internal sealed class CachePushCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private string _cache = "";
    private int? _jobs;

    public override string Summary => "upload to a cache what it does not have of a closure";

    public override string Examples => """
        # Push a program and all it needs:
        $ firn cache push team ./result
        """;

    public override string Details => """
        Of archives that are similar to others in the cache, only what differs is sent. What was sent is not sent again when
        a push that was interrupted is repeated.
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        grammar.Position("cache", v => _cache = v);
        _installables.Declare(grammar);
        grammar.Value("jobs", "n", "How many paths are uploaded at once.", v => _jobs = (int)Math.Clamp(SettingForm.ParseInteger("--jobs", v), 1, 64), 'j');
    }

    public override int Run(Session session, Output output)
    {
        var installables = _installables.Parse(session);
        Builds.Run(session, [.. installables.SelectMany(i => i.DerivedPaths())], BuildMode.Normal);
        new KnownCaches(session).Push(_cache, InstallablePaths.Outputs(session, installables), _jobs);
        return 0;
    }
}
