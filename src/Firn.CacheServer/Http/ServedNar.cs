using Firn.CacheServer.Metadata;

namespace Firn.CacheServer.Http;

/// <summary>A NAR as it is sent: the stretches of blobs that are its file, one behind the other.</summary>
/// <param name="Nar">What is known of it.</param>
/// <param name="Stretches">Where its bytes are.</param>
/// <param name="Digests">The objects of the cache that have it.</param>
internal sealed record ServedNar(StoredNar Nar, IReadOnlyList<Stretch> Stretches, IReadOnlyList<string> Digests)
{
    /// <summary>The tag that tells it from other files.</summary>
    public string Tag { get; } = $"\"{Nar.FileHash.Digest(Model.Hashing.HashFormat.Nix32)}\"";

    /// <summary>Joins chunks that lie one behind the other.</summary>
    public static IReadOnlyList<Stretch> Join(IEnumerable<StoredChunk> chunks)
    {
        var stretches = new List<Stretch>();
        foreach (var chunk in chunks)
        {
            if (stretches is [.., var last] && last.Blob == chunk.Blob && last.Offset + last.Length == chunk.Offset)
            {
                stretches[^1] = last with { Length = last.Length + chunk.Stored };
            }
            else
            {
                stretches.Add(new Stretch(chunk.Blob, chunk.Offset, chunk.Stored));
            }
        }

        return stretches;
    }

    /// <summary>Returns the parts of the stretches that hold <paramref name="count"/> bytes from <paramref name="first"/> on.</summary>
    public static IEnumerable<Stretch> Slice(IEnumerable<Stretch> stretches, long first, long count)
    {
        foreach (var stretch in stretches)
        {
            if (count == 0)
            {
                yield break;
            }

            if (first >= stretch.Length)
            {
                first -= stretch.Length;
                continue;
            }

            var taken = Math.Min(count, stretch.Length - first);
            yield return new Stretch(stretch.Blob, stretch.Offset + first, taken);
            (first, count) = (0, count - taken);
        }
    }
}
