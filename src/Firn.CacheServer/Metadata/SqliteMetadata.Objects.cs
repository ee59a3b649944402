using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Sqlite;

namespace Firn.CacheServer.Metadata;

/// <summary>The objects of caches.</summary>
public sealed partial class SqliteMetadata
{
    private const string SelectPath = "select path, narinfo, nar, accessed from path";
    private const string SelectNar = "select n.id, n.hash, n.size, n.file_hash, n.file_size, n.listing from nar n";

    public StoredPath? FindPath(NamedCache cache, string digest) =>
        Read(c => c.Find(ReadPath, $"{SelectPath} where cache = ? and digest = ?", cache.Id, digest));

    public void SavePath(NamedCache cache, StoredPath path, IEnumerable<string> references) => Write(c =>
    {
        foreach (var reference in references)
        {
            if (c.Number("select 1 from path where cache = ? and digest = ?", cache.Id, reference) == 0)
            {
                throw Collected(reference);
            }
        }

        if (c.Number("select 1 from nar where id = ?", path.NarId) == 0)
        {
            throw Collected(path.Path.ToString());
        }

        c.Run(
            """
            insert into path (cache, digest, path, nar, narinfo, accessed) values (?, ?, ?, ?, ?, ?)
            on conflict (cache, digest) do update set nar = excluded.nar, narinfo = excluded.narinfo, accessed = excluded.accessed
            """,
            cache.Id, path.Path.Digest, path.Path.ToString(), path.NarId, path.NarInfo, path.Accessed.ToUnixTimeSeconds());
    });

    public IReadOnlyList<StoredPath> Search(NamedCache cache, string text, int limit) => Read(c => text.Length == 0
        ? c.List(ReadPath, $"{SelectPath} where cache = ? order by accessed desc, digest limit ?", cache.Id, limit)
        : c.List(ReadPath, $"{SelectPath} where cache = ? and instr(lower(path), ?) > 0 order by accessed desc, digest limit ?", cache.Id, text.ToLowerInvariant(), limit));

    public IEnumerable<StoredPath> ListPaths(NamedCache cache)
    {
        const int Page = 1000;
        for (var last = ""; ;)
        {
            var after = last;
            var page = Read(c => c.List(ReadPath, $"{SelectPath} where cache = ? and digest > ? order by digest limit ?", cache.Id, after, Page));
            foreach (var path in page)
            {
                yield return path;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            last = page[^1].Path.Digest;
        }
    }

    public StoredNar? FindNar(NamedCache cache, Hash fileHash) => Read(c => c.Find(
        ReadNar,
        $"""
        {SelectNar} where n.file_hash = ?1 and (
          exists (select 1 from path p where p.nar = n.id and p.cache = ?2)
          or exists (select 1 from upload u where u.nar = n.id and u.cache = ?2))
        """,
        Text(fileHash), cache.Id));

    public StoredNar? GetNar(long id) => Read(c => c.Find(ReadNar, $"{SelectNar} where n.id = ?", id));

    public IReadOnlyList<string> ListDigests(NamedCache cache, StoredNar nar) =>
        Read(c => c.List(row => row.Text(0)!, "select digest from path where nar = ? and cache = ?", nar.Id, cache.Id));

    public StoredNar? FindUpload(NamedCache cache, string name) =>
        Read(c => c.Find(ReadNar, $"{SelectNar} join upload u on u.nar = n.id where u.cache = ? and u.name = ?", cache.Id, name));

    public void SaveUpload(NamedCache cache, string name, StoredNar nar) => Write(c =>
    {
        if (c.Number("select 1 from nar where id = ?", nar.Id) == 0)
        {
            throw Collected(name);
        }

        c.Run(
            "insert into upload (cache, name, nar) values (?, ?, ?) on conflict (cache, name) do update set nar = excluded.nar",
            cache.Id, name, nar.Id);
    });

    public string? FindRealisation(NamedCache cache, string id) =>
        Read(c => c.Find(row => row.Text(0)!, "select content from realisation where cache = ? and id = ?", cache.Id, id));

    public void SaveRealisation(NamedCache cache, string id, string text) => Write(c => c.Run(
        "insert into realisation (cache, id, content) values (?, ?, ?) on conflict (cache, id) do update set content = excluded.content",
        cache.Id, id, text));

    public StoredFile? FindFile(NamedCache cache, string name) => Read(c => c.Find(
        row => new StoredFile(row.Text(0)!, row.Integer(1)), "select blob, size from file where cache = ? and name = ?", cache.Id, name));

    public void SaveFile(NamedCache cache, string name, StoredFile file) => Write(c => c.Run(
        """
        insert into file (cache, name, blob, size) values (?, ?, ?, ?)
        on conflict (cache, name) do update set blob = excluded.blob, size = excluded.size
        """,
        cache.Id, name, file.Blob, file.Size));

    public void Record(NamedCache cache, CacheUse use, IReadOnlyCollection<string> digests, DateTimeOffset now) => Write(c =>
    {
        c.Run("update cache set hits = hits + ?, misses = misses + ?, sent = sent + ? where id = ?", use.Hits, use.Misses, use.BytesSent, cache.Id);
        var seconds = now.ToUnixTimeSeconds();
        foreach (var digest in digests)
        {
            c.Run("update path set accessed = ?1 where cache = ?2 and digest = ?3 and accessed < ?1", seconds, cache.Id, digest);
        }
    });

    public CacheStatistics Measure(NamedCache cache) => Read(c =>
    {
        var row = c.Prepare(
            """
            select (select count(*) from path where cache = ?1),
              (select coalesce(sum(n.size), 0) from nar n where n.id in (select nar from path where cache = ?1)),
              (select coalesce(sum(stored), 0) from chunk where id in
                (select chunk from nar_chunk where nar in (select nar from path where cache = ?1))),
              hits, misses, sent
            from cache where id = ?1
            """,
            cache.Id);
        var measured = row.Step()
            ? new CacheStatistics(row.Integer(0), row.Integer(1), row.Integer(2), new CacheUse(row.Integer(3), row.Integer(4), row.Integer(5)))
            : new CacheStatistics(0, 0, 0, default);
        row.Reset();
        return measured;
    });

    private static StoredPath ReadPath(SqliteStatement row) => new(
        StorePath.Parse(row.Text(0)!), row.Text(1)!, row.Integer(2), DateTimeOffset.FromUnixTimeSeconds(row.Integer(3)));

    private static StoredNar ReadNar(SqliteStatement row) => new(
        row.Integer(0), Parse(row.Text(1)!), row.Integer(2), Parse(row.Text(3)!), row.Integer(4), row.Text(5));

    private static string Text(Hash hash) => hash.Digest(HashFormat.Nix32);

    private static Hash Parse(string digest) => Hash.Parse(digest, HashAlgorithm.Sha256);

    private static CacheServerException Collected(string what) => new(
        CacheServerErrors.Collected, $"'{what}' was collected while it was being uploaded", null, "Upload it again.");
}
