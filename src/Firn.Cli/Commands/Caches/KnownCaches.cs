using Firn.CacheServer;
using Firn.CacheServer.Pushing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
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

        Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        CacheMaker.WriteSecret($"{_folder}/{name}", $"{Checked(url)}\n{token}\n");
    }

    /// <summary>Forgets a cache.</summary>
    public void Remove(string name) => File.Delete($"{_folder}/{name}");

    /// <summary>Connects to a cache by its name or address; for an address, the token is in <c>$FIRN_CACHE_TOKEN</c>.</summary>
    public CacheClient Connect(string nameOrUrl)
    {
        var (url, token) = Find(nameOrUrl);
        return new CacheClient(url, token);
    }

    /// <summary>Pushes objects and all they refer to, and tells what that took.</summary>
    public void Push(string nameOrUrl, IEnumerable<StorePath> paths, int? jobs = null)
    {
        using var client = Connect(nameOrUrl);
        var store = session.Store;
        var closure = Closure.Of(paths, store.Infos, store.Directory).ToList();
        var pusher = new CachePusher(client, store.Infos, store.Nars, session.StoreDirectory, session.Log);
        pusher = jobs is { } count ? new CachePusher(client, store.Infos, store.Nars, session.StoreDirectory, session.Log) { Jobs = count } : pusher;
        var result = pusher.Push(closure, session.Cancellation);
        session.Log.Write(
            Verbosity.Notice,
            $"pushed {result.Pushed} paths to '{nameOrUrl}', {result.All - result.Pushed} were there; {CacheServer.Pages.Sizes.Of(result.BytesSent)} sent");
    }

    private (string Url, string? Token) Find(string nameOrUrl)
    {
        var ofVariable = session.Environment("FIRN_CACHE_TOKEN") is { Length: > 0 } set ? set : null;
        if (nameOrUrl.Contains("://", StringComparison.Ordinal))
        {
            return (Checked(nameOrUrl), ofVariable);
        }

        var file = $"{_folder}/{nameOrUrl}";
        if (CacheServer.Metadata.NamedCache.FindProblem(nameOrUrl) is not null || !File.Exists(file))
        {
            throw new CacheServerException(
                CacheServerErrors.NoCache, $"no cache '{nameOrUrl}' is known here", null,
                $"'firn cache login {nameOrUrl} URL' tells where it is; an address, such as https://cache.example.org/team, can also stand for it.");
        }

        var lines = File.ReadAllLines(file);
        return (lines[0], ofVariable ?? (lines.Length > 1 && lines[1].Length > 0 ? lines[1] : null));
    }

    private static string Checked(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? url.TrimEnd('/')
            : throw new UsageException("a cache's address begins with http:// or https://, and holds no login");
}
