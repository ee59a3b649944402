using Firn.CacheServer;
using Firn.CacheServer.Pushing;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Configuration;
using Firn.Store;
using Firn.Store.Closures;

namespace Firn.Cli.Commands.Caches;

/// <summary>The caches that a user has given names, and the tokens for them: one file for each, which only the user may read.</summary>
internal sealed class KnownCaches(Session session)
{
    private readonly string _folder =
        $"{(session.Environment("XDG_CONFIG_HOME") is { Length: > 0 } set ? set : session.Directories.Home + "/.config")}/firn/caches";

    /// <summary>Remembers where a cache is, and a token for it.</summary>
    public void Add(string name, string url, string? token)
    {
        if (CacheServer.Metadata.NamedCache.FindProblem(name) is { } problem)
        {
            throw new UsageException($"a cache cannot be called '{name}': {problem}");
        }

        if (token is null || !CacheServer.Metadata.AccessToken.IsWellFormed(token))
        {
            throw new UsageException(
                string.IsNullOrEmpty(token) ? "no token was given" : "what was given is no token of a cache",
                "A token is one line that begins with 'firn_'; give it on standard input or by '--token-file FILE'.",
                "To fetch from a public cache none is needed: 'firn cache pull-config' takes its address.");
        }

        Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        CacheMaker.WriteSecret($"{_folder}/{name}", $"{Checked(url)}\n{token}\n");
    }

    /// <summary>Forgets a cache.</summary>
    public void Remove(string name) => File.Delete(Locate(name) ?? throw Unknown(name));

    /// <summary>Fails when nothing is known of a cache, without asking it.</summary>
    public void Check(string nameOrUrl) => Find(nameOrUrl);

    /// <summary>Connects to a cache by its name or address.</summary>
    public CacheClient Connect(string nameOrUrl)
    {
        var (url, token) = Find(nameOrUrl);
        return new CacheClient(url, token, session.Transfers);
    }

    /// <summary>Pushes objects and all they refer to, and tells what that took.</summary>
    /// <param name="nameOrUrl">The cache.</param>
    /// <param name="paths">The objects.</param>
    /// <param name="realisations">Of which outputs they are known to be, beside those that the store tells.</param>
    /// <param name="jobs">How many are uploaded at once; null for the usual number.</param>
    public void Push(string nameOrUrl, IReadOnlyCollection<StorePath> paths, IReadOnlyCollection<Realisation> realisations, int? jobs = null)
    {
        var client = Connect(nameOrUrl);
        var store = session.Store;
        var closure = Closure.Of(paths, store.Infos, store.Directory).ToList();
        var pusher = new CachePusher(client, store.Infos, store.Nars, session.StoreDirectory, session.Log)
        {
            Jobs = jobs ?? CachePusher.UsualJobs,
            RealisationsOf = new KnownRealisations(store, session.Get<SessionSettings>()).Of,
        };
        var result = pusher.Push(closure, session.Cancellation);
        // What the cache had already may be of an output that it does not know of.
        ParallelWork.ForEach(
            [.. realisations.Concat(paths.SelectMany(pusher.RealisationsOf)).DistinctBy(r => r.Id)], pusher.Jobs, client.PutRealisation);
        session.Log.Write(
            Verbosity.Notice,
            $"pushed {result.Pushed} paths to '{nameOrUrl}', {result.All - result.Pushed} were there; {CacheServer.Pages.Sizes.Of(result.BytesSent)} sent");
    }

    // The variable goes first, then what 'login' remembered of this very address; without either, the user's files with logins count.
    private (string Url, string? Token) Find(string nameOrUrl)
    {
        var ofVariable = session.Environment("FIRN_CACHE_TOKEN") is { Length: > 0 } set ? set : null;
        if (nameOrUrl.Contains("://", StringComparison.Ordinal))
        {
            var url = Checked(nameOrUrl);
            return (url, ofVariable ?? List().Select(Read).FirstOrDefault(c => c.Url == url).Token);
        }

        var known = Read(Locate(nameOrUrl) ?? throw Unknown(nameOrUrl));
        return (known.Url, ofVariable ?? known.Token);
    }

    private string? Locate(string name) =>
        CacheServer.Metadata.NamedCache.FindProblem(name) is null && File.Exists($"{_folder}/{name}") ? $"{_folder}/{name}" : null;

    private IEnumerable<string> List() => Directory.Exists(_folder)
        ? Directory.EnumerateFiles(_folder).Where(f => Locate(Path.GetFileName(f)) is not null).Order(StringComparer.Ordinal)
        : [];

    private static (string Url, string? Token) Read(string file)
    {
        var lines = File.ReadAllLines(file);
        return (lines is [var url, ..] ? url : "", lines is [_, { Length: > 0 } token, ..] ? token : null);
    }

    private CacheServerException Unknown(string name) => new(
        CacheServerErrors.NoCache, $"no cache '{name}' is known here", null,
        List().ToList() is { Count: > 0 } known ? $"There are: {string.Join(", ", known.Select(Path.GetFileName))}." : "'firn cache login' has told of none yet.",
        $"'firn cache login {name} URL' tells where it is; an address, such as https://cache.example.org/team, can also stand for it.");

    private static string Checked(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? url.TrimEnd('/')
            : throw new UsageException("a cache's address begins with http:// or https://, and holds no login");
}
