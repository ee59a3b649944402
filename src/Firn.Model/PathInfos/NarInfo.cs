using Firn.Model.Hashing;

namespace Firn.Model.PathInfos;

/// <summary>What a binary cache says about one object: what is recorded about it, and where its NAR is.</summary>
/// <param name="Info">What is recorded about the object.</param>
/// <param name="Url">Where the NAR is, relative to the cache.</param>
/// <param name="Compression">How it is compressed, such as <c>xz</c> or <c>none</c>.</param>
/// <param name="FileHash">The hash of the compressed file, where known.</param>
/// <param name="FileSize">The size of the compressed file; 0 when not known.</param>
public sealed record NarInfo(PathInfo Info, string Url, string Compression, Hash? FileHash, long FileSize);
