using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Sqlite;

namespace Firn.Store.BinaryCache.Lookup;

/// <summary>Remembers on disk what caches have and have not, in the database that C++ Nix uses too (<c>binary-cache-v7.sqlite</c>).</summary>
/// <remarks>It is opened when it is first asked. One that cannot be read or written is no error: the caches are asked again.</remarks>
/// <param name="folder">Where the database is.</param>
/// <param name="lifetimes">How long something counts.</param>
/// <param name="time">What time it is.</param>
/// <param name="log">Hears when the database cannot be used.</param>
public sealed class NarInfoDiskCache(string folder, NarInfoLifetimes lifetimes, TimeProvider time, IMessageLog log) : IDisposable
{
    private const long OneDay = 24 * 3600;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private SqliteDatabase? _database;
    private bool _isBroken;

    /// <summary>Returns what a cache said of itself, if that is not too long ago.</summary>
    public CacheInfo? FindCache(string uri) => Guard(database =>
    {
        using var query = database.Prepare("select id, storeDir, wantMassQuery, priority from BinaryCaches where url = ? and timestamp > ?");
        if (!query.Bind(uri).Bind(Since(lifetimes.Meta)).Step())
        {
            return null;
        }

        _ids[uri] = query.Integer(0);
        return new CacheInfo(query.Text(1)!, (int)query.Integer(3), query.Integer(2) != 0);
    });

    /// <summary>Remembers what a cache says of itself.</summary>
    public void PutCache(string uri, CacheInfo info) => Guard<CacheInfo>(database =>
    {
        using var insert = database.Prepare("""
            insert into BinaryCaches(url, timestamp, storeDir, wantMassQuery, priority) values (?1, ?2, ?3, ?4, ?5)
            on conflict (url) do update set timestamp = ?2, storeDir = ?3, wantMassQuery = ?4, priority = ?5 returning id
            """);
        insert.Bind(uri).Bind(Now()).Bind(info.StoreDirectory).Bind(info.WantsMassQuery ? 1 : 0).Bind(info.Priority).Step();
        _ids[uri] = insert.Integer(0);
        return null;
    });

    /// <summary>Returns what is known of the object with a digest; null when nothing is.</summary>
    public Known<NarInfo>? FindNarInfo(string uri, string digest) => Guard(database =>
    {
        using var query = database.Prepare("""
            select present, namePart, url, compression, fileHash, fileSize, narHash, narSize, refs, deriver, sigs, ca from NARs
            where cache = ? and hashPart = ? and ((present = 0 and timestamp > ?) or (present = 1 and timestamp > ?))
            """);
        if (!query.Bind(Id(uri)).Bind(digest).Bind(Since(lifetimes.Negative)).Bind(Since(lifetimes.Positive)).Step())
        {
            return null;
        }

        return new Known<NarInfo>(query.Integer(0) == 0 ? null : Read(query, digest));
    });

    /// <summary>Remembers an object that a cache has, or that it has none with a digest.</summary>
    public void PutNarInfo(string uri, string digest, NarInfo? narInfo) => Guard<NarInfo>(database =>
    {
        if (narInfo is null)
        {
            using var absent = database.Prepare("insert or replace into NARs(cache, hashPart, timestamp, present) values (?, ?, ?, 0)");
            absent.Bind(Id(uri)).Bind(digest).Bind(Now()).Run();
            return null;
        }

        var info = narInfo.Info;
        using var insert = database.Prepare("""
            insert or replace into NARs(cache, hashPart, namePart, url, compression, fileHash, fileSize, narHash, narSize, refs, deriver,
            sigs, ca, timestamp, present) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """);
        insert.Bind(Id(uri)).Bind(digest).Bind(info.Path.Name).Bind(narInfo.Url).Bind(narInfo.Compression).Bind(narInfo.FileHash?.ToString());
        _ = narInfo.FileSize == 0 ? insert.Bind(null) : insert.Bind(narInfo.FileSize);
        insert.Bind(info.NarHash.ToString()).Bind(info.NarSize).Bind(string.Join(' ', info.References)).Bind(info.Deriver?.ToString())
            .Bind(string.Join(' ', info.Signatures)).Bind(info.ContentAddress?.ToString() ?? "").Bind(Now()).Run();
        return null;
    });

    /// <summary>Returns what is known of an output; null when nothing is.</summary>
    public Known<Realisation>? FindRealisation(string uri, DrvOutput output) => Guard(database =>
    {
        using var query = database.Prepare("""
            select content from Realisations where cache = ? and outputId = ?
            and ((content is null and timestamp > ?) or (content is not null and timestamp > ?))
            """);
        if (!query.Bind(Id(uri)).Bind(output.ToString()).Bind(Since(lifetimes.Negative)).Bind(Since(lifetimes.Positive)).Step())
        {
            return null;
        }

        using var json = query.IsNull(0) ? null : JsonDocument.Parse(query.Text(0)!);
        return new Known<Realisation>(json is null ? null : RealisationJson.Read(json.RootElement));
    });

    /// <summary>Remembers which path an output got, or that a cache does not know.</summary>
    public void PutRealisation(string uri, DrvOutput output, Realisation? realisation) => Guard<Realisation>(database =>
    {
        using var insert = database.Prepare("insert or replace into Realisations(cache, outputId, content, timestamp) values (?, ?, ?, ?)");
        insert.Bind(Id(uri)).Bind(output.ToString()).Bind(realisation is null ? null : Write(realisation)).Bind(Now()).Run();
        return null;
    });

    public void Dispose()
    {
        lock (_lock)
        {
            _database?.Dispose();
            _isBroken = true;
        }
    }

    private static NarInfo Read(SqliteStatement row, string digest) => new(
        new PathInfo
        {
            Path = StorePath.Parse($"{digest}-{row.Text(1)}"),
            NarHash = Hash.Parse(row.Text(6)!),
            NarSize = row.Integer(7),
            References = [.. (row.Text(8) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(StorePath.Parse).Order()],
            Deriver = row.Text(9) is { Length: > 0 } deriver ? StorePath.Parse(deriver) : null,
            Signatures = [.. (row.Text(10) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)],
            ContentAddress = row.Text(11) is { Length: > 0 } address ? ContentAddress.Parse(address) : null,
        },
        row.Text(2) ?? "", row.Text(3) ?? "", row.Text(4) is { Length: > 0 } hash ? Hash.Parse(hash) : null, row.Integer(5));

    private static string Write(Realisation realisation)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            RealisationJson.Write(json, realisation);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private long Since(TimeSpan lifetime) => Now() - (long)lifetime.TotalSeconds;

    // Caches are found or put before anything about their objects is.
    private long Id(string uri) => _ids.GetValueOrDefault(uri, -1);

    private T? Guard<T>(Func<SqliteDatabase, T?> work)
        where T : class
    {
        lock (_lock)
        {
            if (_isBroken)
            {
                return null;
            }

            try
            {
                return work(_database ??= Open());
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or SystemCallException
                or InvalidFormatException or JsonException)
            {
                _isBroken = true;
                log.Write(Verbosity.Warning, $"what binary caches have cannot be remembered in '{folder}': {e.Message}");
                return null;
            }
        }
    }

    private SqliteDatabase Open()
    {
        FilePath.CreateDirectories(folder);
        var database = SqliteDatabase.Open($"{folder}/binary-cache-v7.sqlite", SqliteOpenMode.Create);
        database.Execute("""
            pragma synchronous = off;
            pragma main.journal_mode = truncate;
            create table if not exists BinaryCaches (
                id        integer primary key autoincrement not null,
                url       text unique not null,
                timestamp integer not null,
                storeDir  text not null,
                wantMassQuery integer not null,
                priority  integer not null
            );
            create table if not exists NARs (
                cache            integer not null,
                hashPart         text not null,
                namePart         text,
                url              text,
                compression      text,
                fileHash         text,
                fileSize         integer,
                narHash          text,
                narSize          integer,
                refs             text,
                deriver          text,
                sigs             text,
                ca               text,
                timestamp        integer not null,
                present          integer not null,
                primary key (cache, hashPart),
                foreign key (cache) references BinaryCaches(id) on delete cascade
            );
            create table if not exists Realisations (
                cache integer not null,
                outputId text not null,
                content blob,
                timestamp        integer not null,
                primary key (cache, outputId),
                foreign key (cache) references BinaryCaches(id) on delete cascade
            );
            create table if not exists LastPurge (
                dummy            text primary key,
                value            integer
            );
            """);
        Purge(database);
        return database;
    }

    /// <summary>Forgets once a day what no longer counts.</summary>
    private void Purge(SqliteDatabase database)
    {
        using var last = database.Prepare("select value from LastPurge");
        if (last.Step() && last.Integer(0) >= Now() - OneDay)
        {
            return;
        }

        last.Reset();
        // A run that is to trust nothing that is remembered must not make all later runs forget it.
        var usual = new NarInfoLifetimes();
        TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
        using var delete = database.Prepare("delete from NARs where (present = 0 and timestamp < ?) or (present = 1 and timestamp < ?)");
        delete.Bind(Since(Longer(lifetimes.Negative, usual.Negative))).Bind(Since(Longer(lifetimes.Positive, usual.Positive))).Run();
        using var purged = database.Prepare("insert or replace into LastPurge(dummy, value) values ('', ?)");
        purged.Bind(Now()).Run();
    }
}

/// <summary>What is known: the thing itself, or that there is none.</summary>
public sealed record Known<T>(T? Value)
    where T : class;

/// <summary>How long something that a cache said counts.</summary>
public sealed record NarInfoLifetimes
{
    /// <summary>That it has no such object.</summary>
    public TimeSpan Negative { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What it says of an object.</summary>
    public TimeSpan Positive { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What it says of itself.</summary>
    public TimeSpan Meta { get; init; } = TimeSpan.FromDays(7);
}
