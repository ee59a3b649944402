using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.CacheServer.Metadata;

/// <summary>A NAR that is stored.</summary>
/// <param name="Id">Its number.</param>
/// <param name="NarHash">The SHA-256 of the NAR.</param>
/// <param name="NarSize">The size of the NAR.</param>
/// <param name="FileHash">The SHA-256 of what is served: one zstd frame after the other.</param>
/// <param name="FileSize">The size of what is served.</param>
/// <param name="Listing">The blob with what is in it, as compressed JSON; null when it has too many files.</param>
public sealed record StoredNar(long Id, Hash NarHash, long NarSize, Hash FileHash, long FileSize, string? Listing)
{
    /// <summary>Where it is, relative to a cache.</summary>
    public string Url => $"nar/{FileHash.Digest(HashFormat.Nix32)}.nar.zst";
}

/// <summary>A chunk of a NAR: where in which blob its zstd frame is.</summary>
/// <param name="Id">Its number; 0 when it is new.</param>
/// <param name="Hash">The SHA-256 of its plain bytes, in base 64.</param>
/// <param name="Blob">The blob that holds it.</param>
/// <param name="Offset">Where in the blob the frame starts.</param>
/// <param name="Stored">The length of the frame.</param>
/// <param name="Size">How many bytes it is when decompressed.</param>
public sealed record StoredChunk(long Id, string Hash, string Blob, long Offset, int Stored, int Size);

/// <summary>A stretch of a blob.</summary>
public readonly record struct Stretch(string Blob, long Offset, long Length);

/// <summary>An object that a cache has.</summary>
/// <param name="Path">Its path.</param>
/// <param name="NarInfo">The text of its <c>.narinfo</c>, signed.</param>
/// <param name="NarId">Its NAR.</param>
/// <param name="Accessed">When somebody last asked for it.</param>
public sealed record StoredPath(StorePath Path, string NarInfo, long NarId, DateTimeOffset Accessed);

/// <summary>A small file that a cache has beside its objects: a log, or a link to debug information.</summary>
/// <param name="Blob">The blob, compressed.</param>
/// <param name="Size">The size of the file.</param>
public sealed record StoredFile(string Blob, long Size);
