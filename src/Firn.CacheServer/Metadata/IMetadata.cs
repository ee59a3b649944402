using Firn.Model.Hashing;

namespace Firn.CacheServer.Metadata;

/// <summary>Everything a cache server knows, apart from the bytes that <see cref="Blobs.IBlobs"/> keeps.</summary>
/// <remarks>Each call is atomic, and may come from any thread.</remarks>
public interface IMetadata : ICacheRegistry, IObjectIndex, IChunkIndex, IUsageRecord, IDisposable;

/// <summary>Knows the caches and who may use them.</summary>
public interface ICacheRegistry
{
    IReadOnlyList<NamedCache> ListCaches();

    /// <summary>Adds a cache, or changes the one with its number; returns it with its number.</summary>
    NamedCache Save(NamedCache cache);

    /// <summary>Removes a cache with all that it has and its tokens.</summary>
    void Remove(NamedCache cache);

    IReadOnlyList<AccessToken> ListTokens();

    /// <summary>Finds a token by the digest of its text.</summary>
    AccessToken? FindToken(string digest);

    /// <summary>Adds a token, or changes the one with its number; returns it with its number.</summary>
    AccessToken Save(AccessToken token);
}

/// <summary>Knows what is in which cache.</summary>
public interface IObjectIndex
{
    StoredPath? FindPath(NamedCache cache, string digest);

    /// <summary>Adds an object, or replaces what is known of it.</summary>
    /// <param name="cache">The cache that has it.</param>
    /// <param name="path">The object.</param>
    /// <param name="references">The digests of what it refers to, which the cache must have.</param>
    /// <exception cref="CacheServerException">Its NAR or a reference was collected meanwhile.</exception>
    void SavePath(NamedCache cache, StoredPath path, IEnumerable<string> references);

    /// <summary>Finds objects whose path contains a text, the last asked for first.</summary>
    IReadOnlyList<StoredPath> Search(NamedCache cache, string text, int limit);

    /// <summary>Lists all objects of a cache, by digest.</summary>
    IEnumerable<StoredPath> ListPaths(NamedCache cache);

    /// <summary>Finds a NAR that an object of the cache has, or that was uploaded to the cache.</summary>
    StoredNar? FindNar(NamedCache cache, Hash fileHash);

    StoredNar? GetNar(long id);

    /// <summary>Lists the digests of a cache's objects that have a NAR.</summary>
    IReadOnlyList<string> ListDigests(NamedCache cache, StoredNar nar);

    /// <summary>Finds the NAR that was uploaded under a name.</summary>
    StoredNar? FindUpload(NamedCache cache, string name);

    /// <summary>Remembers which NAR was uploaded under a name.</summary>
    void SaveUpload(NamedCache cache, string name, StoredNar nar);

    /// <summary>Finds the text of a realisation.</summary>
    string? FindRealisation(NamedCache cache, string id);

    void SaveRealisation(NamedCache cache, string id, string text);

    StoredFile? FindFile(NamedCache cache, string name);

    void SaveFile(NamedCache cache, string name, StoredFile file);
}

/// <summary>Knows which chunks there are and which NARs are made of them.</summary>
public interface IChunkIndex
{
    StoredChunk? FindChunk(string hash);

    /// <summary>Adds chunks that nothing uses yet.</summary>
    void AddChunks(IReadOnlyList<StoredChunk> chunks);

    /// <summary>Adds a NAR and those of its chunks that are new; when it is there already, returns that.</summary>
    /// <exception cref="CacheServerException">A chunk was collected meanwhile.</exception>
    StoredNar AddNar(StoredNar nar, IReadOnlyList<StoredChunk> chunks);

    /// <summary>Returns what a NAR is made of, in order.</summary>
    IReadOnlyList<StoredChunk> ListChunks(StoredNar nar);

    /// <summary>Forgets objects, which <paramref name="choose"/> chooses by their digests; nothing is added meanwhile.</summary>
    /// <returns>How many were forgotten.</returns>
    long RemovePaths(NamedCache cache, Func<IEnumerable<StoredPath>, IReadOnlyCollection<string>> choose);

    /// <summary>Forgets NARs that no object has and chunks that no NAR has, if they were added before <paramref name="limit"/>.</summary>
    void Sweep(DateTimeOffset limit);

    /// <summary>Tells how much of each blob with chunks is in use.</summary>
    IReadOnlyList<BlobUse> ListBlobs();

    /// <summary>Lists the blobs that hold something else than chunks.</summary>
    IReadOnlySet<string> ListOtherBlobs();

    /// <summary>Lists the chunks of a blob.</summary>
    IReadOnlyList<StoredChunk> ListChunks(string blob);

    /// <summary>Makes it known that chunks are somewhere else now.</summary>
    void MoveChunks(IReadOnlyList<StoredChunk> chunks);
}

/// <summary>How many bytes of a blob are frames of chunks that are known.</summary>
public sealed record BlobUse(string Name, long Used);

/// <summary>Keeps account of what is used.</summary>
public interface IUsageRecord
{
    /// <summary>Tells whether somebody else changed anything since this was last asked.</summary>
    bool HasForeignChanges();

    /// <summary>Adds to the counts of a cache, and notes which objects were asked for.</summary>
    void Record(NamedCache cache, CacheUse use, IReadOnlyCollection<string> digests, DateTimeOffset now);

    /// <summary>Tells how large a cache is and how it is used.</summary>
    CacheStatistics Measure(NamedCache cache);
}

/// <summary>How a cache was used.</summary>
/// <param name="Hits">How often an object was asked for that it has.</param>
/// <param name="Misses">How often one was asked for that it does not have.</param>
/// <param name="BytesSent">How many bytes of NARs were served.</param>
public readonly record struct CacheUse(long Hits, long Misses, long BytesSent);

/// <summary>How large a cache is.</summary>
/// <param name="Paths">How many objects it has.</param>
/// <param name="NarBytes">How large their NARs are.</param>
/// <param name="StoredBytes">How much the chunks take on disk that its NARs are made of; others may share them.</param>
/// <param name="Use">How it was used since it was made.</param>
public sealed record CacheStatistics(long Paths, long NarBytes, long StoredBytes, CacheUse Use);
