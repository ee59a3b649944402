using System.Collections.Concurrent;
using Firn.Model.StorePaths;
using Firn.Platform.Sqlite;

namespace Firn.CacheServer.Metadata;

/// <summary>The metadata in one SQLite database, which other processes may use at the same time.</summary>
public sealed partial class SqliteMetadata : IMetadata
{
    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private readonly SqliteConnection _writer;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private long _seenVersion;

    /// <summary>Opens the database in <paramref name="file"/>, which is made where there is none.</summary>
    /// <exception cref="CacheServerException">It is that of a later version.</exception>
    public SqliteMetadata(string file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        PrivateFiles.EnsureDatabase(file);
        _writer = new SqliteConnection(file);
        var version = Write(connection =>
        {
            var found = connection.Number("pragma user_version");
            if (found == 0)
            {
                connection.Database.Execute(SqliteSchema.Create);
                connection.Database.Execute($"pragma user_version = {SqliteSchema.Version}");
            }

            return found;
        });
        if (version > SqliteSchema.Version)
        {
            _writer.Dispose();
            throw new CacheServerException(
                CacheServerErrors.Schema, $"the metadata in '{file}' is of version {version}, and this program knows only {SqliteSchema.Version}", null,
                "A later version of this program wrote it; use that one.");
        }

        HasForeignChanges();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public IReadOnlyList<NamedCache> ListCaches() => Read(c => c.List(
        ReadCache, "select id, name, is_public, priority, directory, secret_key, retention from cache order by name"));

    public NamedCache Save(NamedCache cache) => Write(c =>
    {
        long? retention = cache.Retention is { } kept ? (long)kept.TotalSeconds : null;
        if (cache.Id != 0)
        {
            c.Run(
                "update cache set name = ?, is_public = ?, priority = ?, directory = ?, secret_key = ?, retention = ? where id = ?",
                cache.Name, cache.IsPublic, cache.Priority, cache.Directory.Path, cache.SecretKey, retention, cache.Id);
            return cache;
        }

        if (c.Number("select 1 from cache where name = ?", cache.Name) == 1)
        {
            throw new CacheServerException(CacheServerErrors.Exists, $"there is a cache '{cache.Name}' already");
        }

        c.Run(
            "insert into cache (name, is_public, priority, directory, secret_key, retention) values (?, ?, ?, ?, ?, ?)",
            cache.Name, cache.IsPublic, cache.Priority, cache.Directory.Path, cache.SecretKey, retention);
        return cache with { Id = c.Database.LastInsertedRow };
    });

    public void Remove(NamedCache cache) => Write(c => c.Run("delete from cache where id = ?", cache.Id));

    public IReadOnlyList<AccessToken> ListTokens() => Read(c => c.List(ReadToken, $"{SelectToken} order by id"));

    public AccessToken? FindToken(string digest) => Read(c => c.Find(ReadToken, $"{SelectToken} where digest = ?", digest));

    public AccessToken Save(AccessToken token) => Write(c =>
    {
        var (created, expires, revoked) = (token.Created.ToUnixTimeSeconds(), token.Expires?.ToUnixTimeSeconds(), token.Revoked?.ToUnixTimeSeconds());
        if (token.Id != 0)
        {
            c.Run("update token set name = ?, expires = ?, revoked = ? where id = ?", token.Name, expires, revoked, token.Id);
            return token;
        }

        c.Run(
            "insert into token (name, digest, cache, may_pull, may_push, created, expires, revoked) values (?, ?, ?, ?, ?, ?, ?, ?)",
            token.Name, token.Digest, token.CacheId, token.MayPull, token.MayPush, created, expires, revoked);
        return token with { Id = c.Database.LastInsertedRow };
    });

    public bool HasForeignChanges()
    {
        lock (_writing)
        {
            // What this connection itself changed does not count.
            var version = _writer.Number("pragma data_version");
            var hasChanged = version != _seenVersion;
            _seenVersion = version;
            return hasChanged;
        }
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose();
    }

    private const string SelectToken =
        "select id, name, digest, cache, may_pull, may_push, created, expires, revoked from token";

    private static NamedCache ReadCache(SqliteStatement row) => new(row.Integer(0), row.Text(1)!)
    {
        IsPublic = row.Integer(2) == 1,
        Priority = (int)row.Integer(3),
        Directory = new StoreDirectory(row.Text(4)!),
        SecretKey = row.Text(5)!,
        Retention = row.IsNull(6) ? null : TimeSpan.FromSeconds(row.Integer(6)),
    };

    private static AccessToken ReadToken(SqliteStatement row) =>
        new(row.Integer(0), row.Text(1)!, row.Text(2)!, row.IsNull(3) ? null : row.Integer(3), row.Integer(4) == 1, row.Integer(5) == 1)
        {
            Created = Time(row, 6)!.Value,
            Expires = Time(row, 7),
            Revoked = Time(row, 8),
        };

    private static DateTimeOffset? Time(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : DateTimeOffset.FromUnixTimeSeconds(row.Integer(column));

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        if (!_readers.TryTake(out var connection))
        {
            connection = new SqliteConnection(_file);
        }

        // A connection whose read failed is not used again: who knows what it holds open.
        var result = read(connection);
        _readers.Add(connection);
        return result;
    }

    private T Write<T>(Func<SqliteConnection, T> write)
    {
        lock (_writing)
        {
            return _writer.Database.InTransaction(() => write(_writer));
        }
    }

    private void Write(Action<SqliteConnection> write) => Write(connection =>
    {
        write(connection);
        return true;
    });
}
