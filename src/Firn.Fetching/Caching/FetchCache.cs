using Firn.Fetching.Inputs;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Sqlite;
using Firn.Store.PathInfos;
using Firn.Store.Roots;

namespace Firn.Fetching.Caching;

/// <summary>Remembers what was fetched, in the database that C++ Nix uses too (<c>fetcher-cache-v4.sqlite</c>).</summary>
/// <remarks>It is opened when it is first asked. A cache that cannot be read or written is no error: everything is fetched again.</remarks>
public sealed class FetchCache(string directory, TimeSpan freshFor, TimeProvider time, IMessageLog log) : IDisposable
{
    private SqliteDatabase? _database;
    private bool _isBroken;

    /// <summary>Returns what is remembered under a key, however old.</summary>
    public CacheEntry? Find(string domain, InputAttributes key) => Guard(database =>
    {
        using var statement = database.Prepare("select value, timestamp from Cache where domain = ? and key = ?");
        statement.Bind(domain).Bind(key.ToJson());
        return statement.Step() ? new CacheEntry(InputAttributes.ParseJson(statement.Text(0)!), IsFresh(statement.Integer(1))) : null;
    });

    /// <summary>Remembers <paramref name="value"/>, as of now.</summary>
    public void Put(string domain, InputAttributes key, InputAttributes value) => Guard<CacheEntry>(database =>
    {
        using var statement = database.Prepare("insert or replace into Cache(domain, key, value, timestamp) values (?, ?, ?, ?)");
        statement.Bind(domain).Bind(key.ToJson()).Bind(value.ToJson()).Bind(time.GetUtcNow().ToUnixTimeSeconds()).Run();
        return null;
    });

    public void Dispose() => _database?.Dispose();

    private bool IsFresh(long timestamp) =>
        freshFor > TimeSpan.Zero && timestamp + (long)freshFor.TotalSeconds >= time.GetUtcNow().ToUnixTimeSeconds();

    private T? Guard<T>(Func<SqliteDatabase, T?> work)
        where T : class
    {
        if (_isBroken)
        {
            return null;
        }

        try
        {
            return work(_database ??= Open());
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or FetchException)
        {
            _isBroken = true;
            log.Write(Verbosity.Warning, $"the cache of fetched inputs in '{directory}' cannot be used: {e.Message}");
            return null;
        }
    }

    private SqliteDatabase Open()
    {
        Directory.CreateDirectory(directory);
        var database = SqliteDatabase.Open(Path.Combine(directory, "fetcher-cache-v4.sqlite"), SqliteOpenMode.Create);
        database.Execute("""
            pragma synchronous = off;
            pragma main.journal_mode = truncate;
            create table if not exists Cache (
                domain    text not null,
                key       text not null,
                value     text not null,
                timestamp integer not null,
                primary key (domain, key)
            );
            """);
        return database;
    }
}

/// <summary>What the cache knows, and whether it is young enough to be used without asking.</summary>
public sealed record CacheEntry(InputAttributes Value, bool IsFresh);

/// <summary>What the cache knows about an object in the store.</summary>
public sealed record CachedObject(StorePath Path, InputAttributes Value, bool IsFresh);

/// <summary>Cache entries that lead to objects in one store.</summary>
public static class CachedObjects
{
    /// <summary>Returns the remembered object if the store still has it, and keeps it from being collected.</summary>
    public static CachedObject? FindObject(
        this FetchCache cache, string domain, InputAttributes key, StoreDirectory directory, IPathInfoSource infos, ITemporaryRoots roots)
    {
        if (cache.Find(domain, key.With("store", directory.Path)) is not { } entry
            || entry.Value.FindText("storePath") is not { } name || !StorePath.TryParse(name, out var path))
        {
            return null;
        }

        roots.AddTemporaryRoot(path);
        return infos.IsValid(path) ? new CachedObject(path, entry.Value.Without("storePath"), entry.IsFresh) : null;
    }

    public static void PutObject(
        this FetchCache cache, string domain, InputAttributes key, StoreDirectory directory, InputAttributes value, StorePath path) =>
        cache.Put(domain, key.With("store", directory.Path), value.With("storePath", path.ToString()));
}
