using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache watch</c>: pushes whatever is built on this machine, as soon as it is there.</summary>
internal sealed class CacheWatchCommand : Command
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(5);

    private string _cache = "";

    public override string Summary => "push to a cache what is built on this machine, until told to end";

    public override string Details => "Only what was built here is pushed, with what it refers to; nothing that is fetched, and no .drv files.";

    public override void Declare(Grammar grammar) => grammar.Position("cache", v => _cache = v);

    public override int Run(Session session, Output output)
    {
        var store = session.Store;
        var caches = new KnownCaches(session);
        var cancellation = session.Cancellation;
        // That the cache answers is better known now than at the first build.
        caches.Connect(_cache).GetConfiguration();
        var added = new AddedPaths(store);
        session.Log.Write(Verbosity.Notice, $"watching '{session.StoreDirectory.Path}' for what is built, to push it to '{_cache}'");
        var waiting = new List<StorePath>();
        for (var pause = added.Pause; !cancellation.WaitHandle.WaitOne(pause);)
        {
            waiting.AddRange(added.Take().Where(p => !p.IsDerivation && store.Infos.Find(p) is { IsUltimate: true }));
            waiting.RemoveAll(p => !store.Infos.IsValid(p));
            pause = waiting.Count == 0 || TryPush(session, caches, waiting) ? added.Pause : Longer(pause);
        }

        return 0;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < _longestPause ? pause * 2 : _longestPause;

    private bool TryPush(Session session, KnownCaches caches, List<StorePath> paths)
    {
        try
        {
            caches.Push(_cache, paths, []);
            paths.Clear();
            return true;
        }
        catch (FirnException e)
        {
            // The cache may come back; builds go on meanwhile.
            session.Log.Write(Verbosity.Warning, $"{e.Message}; {paths.Count} paths wait");
            return false;
        }
    }
}
