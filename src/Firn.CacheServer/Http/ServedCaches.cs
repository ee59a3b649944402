using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using Firn.CacheServer.Blobs;
using Firn.CacheServer.Metadata;
using Firn.Model.Hashing;
using Firn.Model.Signing;

namespace Firn.CacheServer.Http;

/// <summary>What the server keeps in memory of its caches, so that most requests need no database.</summary>
internal sealed class ServedCaches(IMetadata metadata, IBlobs blobs, TimeProvider time)
{
    private const int NarInfoBytes = 32 << 20;
    private const int Stretches = 200_000;
    private const int Tokens = 10_000;
    private const int Files = 2000;

    private readonly BoundedMemory<(long Cache, string Digest), NarInfoAnswer> _narInfos = new(NarInfoBytes, a => 200 + a.Content.Length);
    private readonly BoundedMemory<(long Cache, string File), ServedNar> _nars = new(Stretches, n => 10 + n.Stretches.Count);
    private readonly BoundedMemory<string, AccessToken> _tokens = new(Tokens, _ => 1);
    private readonly ConcurrentDictionary<long, UsageMeter> _meters = new();
    private readonly ConcurrentDictionary<string, SecretKey> _keys = new(StringComparer.Ordinal);
    private readonly Lock _recording = new();
    private FrozenDictionary<string, NamedCache>? _byName;

    public IMetadata Metadata => metadata;

    public IBlobs Blobs => blobs;

    /// <summary>The blobs that are read again and again.</summary>
    public OpenBlobs OpenBlobs { get; } = new(blobs, Files);

    public TimeProvider Time => time;

    /// <summary>All caches, by name.</summary>
    public FrozenDictionary<string, NamedCache> ByName =>
        _byName ??= metadata.ListCaches().ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);

    public UsageMeter Meter(NamedCache cache) => _meters.GetOrAdd(cache.Id, _ => new UsageMeter());

    public SecretKey Key(NamedCache cache) => _keys.GetOrAdd(cache.SecretKey, SecretKey.Parse);

    /// <summary>Finds the token with this text, if it is good.</summary>
    public AccessToken? FindToken(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var digest = AccessToken.DigestOf(text);
        var token = _tokens.Find(digest);
        if (token is null)
        {
            var age = _tokens.Age;
            token = metadata.FindToken(digest);
            if (token is not null)
            {
                _tokens.Remember(digest, token, age);
            }
        }

        return token?.IsGood(time.GetUtcNow()) == true ? token : null;
    }

    /// <summary>Tells whether what to answer about an object is in memory.</summary>
    public bool Remembers(NamedCache cache, string digest) => _narInfos.Find((cache.Id, digest)) is not null;

    /// <summary>Tells whether it is in memory where a NAR's bytes are.</summary>
    public bool RemembersNar(NamedCache cache, string file) => _nars.Find((cache.Id, file)) is not null;

    /// <summary>Finds what to answer about an object.</summary>
    public NarInfoAnswer FindNarInfo(NamedCache cache, string digest)
    {
        if (_narInfos.Find((cache.Id, digest)) is { } known)
        {
            return known;
        }

        var age = _narInfos.Age;
        var answer = metadata.FindPath(cache, digest) is { } path ? NarInfoAnswer.Of(path) : NarInfoAnswer.Missing;
        _narInfos.Remember((cache.Id, digest), answer, age);
        return answer;
    }

    /// <summary>Finds a NAR by the name of its file, as it is to be served.</summary>
    public ServedNar? FindNar(NamedCache cache, string file)
    {
        if (_nars.Find((cache.Id, file)) is { } known)
        {
            return known;
        }

        var age = _nars.Age;
        if (!TryReadHash(file, out var hash) || metadata.FindNar(cache, hash) is not { } nar)
        {
            return null;
        }

        var found = new ServedNar(nar, ServedNar.Join(metadata.ListChunks(nar)), metadata.ListDigests(cache, nar));
        _nars.Remember((cache.Id, file), found, age);
        return found;
    }

    /// <summary>Drops what is known of an object, which has changed.</summary>
    public void Forget(NamedCache cache, StoredPath path)
    {
        _narInfos.Forget((cache.Id, path.Path.Digest));
        _nars.Clear();
    }

    /// <summary>Drops everything; called when another process changed the metadata.</summary>
    public void Clear()
    {
        _byName = null;
        _narInfos.Clear();
        _nars.Clear();
        _tokens.Clear();
        OpenBlobs.Clear();
    }

    /// <summary>Writes down what was used since this was last called.</summary>
    public void RecordUse()
    {
        // Whoever is told that all is written must not be told so while another still writes.
        lock (_recording)
        {
            foreach (var cache in ByName.Values)
            {
                if (_meters.TryGetValue(cache.Id, out var meter) && meter.Take() is { } taken)
                {
                    metadata.Record(cache, taken.Use, taken.Digests, time.GetUtcNow());
                }
            }
        }
    }

    private static bool TryReadHash(string file, out Hash hash)
    {
        const string Ending = ".nar.zst";
        hash = null!;
        return file.EndsWith(Ending, StringComparison.Ordinal)
            && file.Length == Ending.Length + Nix32.EncodedLength(32)
            && Hash.TryParseDigest(file.AsSpan(0, file.Length - Ending.Length), HashAlgorithm.Sha256, out hash!);
    }
}

/// <summary>What is answered about an object.</summary>
/// <param name="Content">The text of its <c>.narinfo</c>; empty when there is no such object.</param>
/// <param name="Tag">The tag that tells it from other versions.</param>
internal sealed record NarInfoAnswer(byte[] Content, string Tag)
{
    public static NarInfoAnswer Missing { get; } = new([], "");

    public bool IsMissing => Content.Length == 0;

    public static NarInfoAnswer Of(StoredPath path)
    {
        var content = Encoding.UTF8.GetBytes(path.NarInfo);
        return new NarInfoAnswer(content, $"\"{Hash.Sha256(content).Digest(HashFormat.Nix32)[..32]}\"");
    }
}
