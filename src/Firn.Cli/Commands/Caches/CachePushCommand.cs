using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
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
        grammar.Value("jobs", "n", "How many paths are uploaded at once; 64 at most.", v => _jobs = ParseJobs(v), 'j');
    }

    public override int Run(Session session, Output output)
    {
        var caches = new KnownCaches(session);
        caches.Check(_cache);
        var installables = _installables.Parse(session);
        Builds.Run(session, [.. installables.SelectMany(i => i.DerivedPaths())], BuildMode.Normal);
        var (_, realisations) = InstallablePaths.Realised(session, session.Store, installables);
        caches.Push(_cache, [.. InstallablePaths.Outputs(session, installables)], realisations, _jobs);
        return 0;
    }

    private static int ParseJobs(string text) => SettingForm.ParseInteger("--jobs", text) is var jobs and >= 1
        ? (int)Math.Min(jobs, 64)
        : throw new UsageException($"'--jobs {text}' would upload nothing", "Give a number from 1 to 64.");
}
