using Firn.Platform.Sqlite;

namespace Firn.CacheServer.Metadata;

/// <summary>Chunks, and the NARs that are made of them.</summary>
public sealed partial class SqliteMetadata
{
    private const string SelectChunk = "select c.id, c.hash, c.blob, c.place, c.stored, c.size from chunk c";

    public StoredChunk? FindChunk(string hash) => Read(c => c.Find(ReadChunk, $"{SelectChunk} where c.hash = ? limit 1", hash));

    public void AddChunks(IReadOnlyList<StoredChunk> chunks) => Write(c =>
    {
        foreach (var chunk in chunks)
        {
            Insert(c, chunk);
        }
    });

    public StoredNar AddNar(StoredNar nar, IReadOnlyList<StoredChunk> chunks) => Write(c =>
    {
        if (c.Find(ReadNar, $"{SelectNar} where n.hash = ?", Text(nar.NarHash)) is { } known)
        {
            // It may be one that nothing uses any more: it is as good as new.
            c.Run("update nar set added = ? where id = ?", Now, known.Id);
            return known;
        }

        c.Run(
            "insert into nar (hash, size, file_hash, file_size, listing, added) values (?, ?, ?, ?, ?, ?)",
            Text(nar.NarHash), nar.NarSize, Text(nar.FileHash), nar.FileSize, nar.Listing, Now);
        var id = c.Database.LastInsertedRow;
        var added = new Dictionary<(string, long), long>();
        for (var i = 0; i < chunks.Count; i++)
        {
            var chunk = chunks[i];
            var number = chunk.Id;
            if (number == 0 && !added.TryGetValue((chunk.Blob, chunk.Offset), out number))
            {
                added.Add((chunk.Blob, chunk.Offset), number = Insert(c, chunk));
            }
            else if (chunk.Id != 0 && c.Number("select 1 from chunk where id = ?", number) == 0)
            {
                throw Collected(nar.Url);
            }

            c.Run("insert into nar_chunk (nar, place, chunk) values (?, ?, ?)", id, i, number);
        }

        return nar with { Id = id };
    });

    public IReadOnlyList<StoredChunk> ListChunks(StoredNar nar) => Read(c => c.List(
        ReadChunk, $"{SelectChunk} join nar_chunk n on n.chunk = c.id where n.nar = ? order by n.place", nar.Id));

    public long RemovePaths(NamedCache cache, Func<IEnumerable<StoredPath>, IReadOnlyCollection<string>> choose) => Write(c =>
    {
        var chosen = choose(c.List(ReadPath, $"{SelectPath} where cache = ?", cache.Id));
        foreach (var digest in chosen)
        {
            c.Run("delete from path where cache = ? and digest = ?", cache.Id, digest);
        }

        return chosen.Count;
    });

    public void Sweep(DateTimeOffset limit) => Write(c =>
    {
        var before = limit.ToUnixTimeSeconds();
        c.Run("delete from nar where added < ? and id not in (select nar from path)", before);
        c.Run("delete from chunk where added < ? and id not in (select chunk from nar_chunk)", before);
    });

    public IReadOnlyList<BlobUse> ListBlobs() =>
        Read(c => c.List(row => new BlobUse(row.Text(0)!, row.Integer(1)), "select blob, sum(stored) from chunk group by blob"));

    public IReadOnlySet<string> ListOtherBlobs() => Read(c =>
        c.List(row => row.Text(0)!, "select listing from nar where listing is not null union select blob from file").ToHashSet(StringComparer.Ordinal));

    public IReadOnlyList<StoredChunk> ListChunks(string blob) =>
        Read(c => c.List(ReadChunk, $"{SelectChunk} where c.blob = ? order by c.place", blob));

    public void MoveChunks(IReadOnlyList<StoredChunk> chunks) => Write(c =>
    {
        foreach (var chunk in chunks)
        {
            c.Run("update chunk set blob = ?, place = ? where id = ?", chunk.Blob, chunk.Offset, chunk.Id);
        }
    });

    private static StoredChunk ReadChunk(SqliteStatement row) => new(
        row.Integer(0), row.Text(1)!, row.Text(2)!, row.Integer(3), (int)row.Integer(4), (int)row.Integer(5));

    private long Insert(SqliteConnection c, StoredChunk chunk)
    {
        c.Run(
            "insert into chunk (hash, blob, place, stored, size, added) values (?, ?, ?, ?, ?, ?)",
            chunk.Hash, chunk.Blob, chunk.Offset, chunk.Stored, chunk.Size, Now);
        return c.Database.LastInsertedRow;
    }
}
