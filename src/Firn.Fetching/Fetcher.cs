using System.Collections.Immutable;
using Firn.Fetching.Caching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes;
using Firn.Fetching.Schemes.Git;
using Firn.Fetching.Schemes.Paths;
using Firn.Fetching.Schemes.Tarballs;
using Firn.Fetching.Transfers;
using Firn.Fetching.Urls;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Fetching;

/// <summary>Fetches files and trees into the store.</summary>
public sealed class Fetcher : IDisposable
{
    private readonly FetchStore _store;
    private readonly FetchCache _cache;
    private readonly FileTransfers _transfers;
    private readonly FileDownloads _files;
    private readonly TarballDownloads _tarballs;
    private readonly ImmutableArray<IInputScheme> _schemes;

    public Fetcher(FetchSettings settings, FetchStore store, FetchPlaces places, IMessageLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        _store = store;
        _cache = new FetchCache(places.CacheDirectory, settings.TarballTtl, time, log);
        _transfers = new FileTransfers(settings, log, cancellationToken);
        _files = new FileDownloads(store, _cache, _transfers, log);
        _tarballs = new TarballDownloads(store, _cache, _transfers, log);
        _schemes =
        [
            new PathScheme(store),
            new GitScheme(new GitFetcher(settings, store, _cache, places, log, time, cancellationToken)),
            new TarballScheme(_tarballs),
            new FileScheme(_files, store),
        ];
    }

    /// <summary>Downloads a file into the store, as <c>builtins.fetchurl</c> does.</summary>
    /// <exception cref="FetchException">It cannot be had, or has another hash.</exception>
    public StorePath FetchUrl(string url, string name, Hash? expected)
    {
        if (FindExpected(name, ContentAddressMethod.Flat, expected) is { } there)
        {
            return there;
        }

        var path = _files.Get(url, name).Path;
        if (expected is not null)
        {
            CheckHash(url, expected, HashFile(path, expected.Algorithm));
        }

        return path;
    }

    /// <summary>Downloads a file into the store and tells where it was in the end.</summary>
    public DownloadedFile Download(string url, string name) => _files.Get(url, name);

    /// <summary>Downloads and unpacks an archive, as <c>builtins.fetchTarball</c> does.</summary>
    /// <exception cref="FetchException">It cannot be had, or has another hash.</exception>
    public StorePath FetchTarball(string url, string name, Hash? expected)
    {
        if (FindExpected(name, ContentAddressMethod.NixArchive, expected) is { } there)
        {
            return there;
        }

        var path = _tarballs.Get(url, name).Path;
        if (expected is not null)
        {
            CheckHash(url, expected, _store.Infos.Find(path)!.NarHash);
        }

        return path;
    }

    /// <summary>Checks a set of attributes and brings it into its usual form.</summary>
    /// <exception cref="FetchException">It describes no input.</exception>
    public InputAttributes Parse(InputAttributes input)
    {
        var scheme = SchemeOf(input);
        var unknown = input.Values.Keys.FirstOrDefault(name => name is not ("type" or "__final") && !scheme.Attributes.Contains(name));
        return unknown is null
            ? scheme.Check(input)
            : throw new FetchException(FetchErrors.BadInput, $"input attribute '{unknown}' not supported by scheme '{scheme.Name}'", 1,
                $"it knows {string.Join(", ", scheme.Attributes.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Reads a URL as an input.</summary>
    /// <exception cref="FetchException">No scheme knows it.</exception>
    public InputAttributes ParseUrl(string text, bool wantsTree = true)
    {
        var url = Url.Parse(text);
        return _schemes.Select(s => s.FromUrl(url, wantsTree)).FirstOrDefault(i => i is not null) ?? throw new FetchException(
            FetchErrors.Unsupported,
            url.Scheme == "file+git" ? $"input '{url}' is unsupported; did you mean 'git+file' instead of 'file+git'?" : $"input '{url}' is unsupported");
    }

    /// <summary>Writes an input as a URL.</summary>
    public string ToUrl(InputAttributes input) => SchemeOf(input).ToUrl(input).ToString();

    /// <summary>Tells whether fetching the input always gives the same.</summary>
    public bool IsLocked(InputAttributes input) => SchemeOf(input).IsLocked(input);

    /// <summary>Returns the experimental feature that an input needs, or null.</summary>
    public string? FeatureOf(InputAttributes input) => SchemeOf(input).Feature;

    /// <summary>Fetches a tree, as <c>builtins.fetchTree</c> does.</summary>
    /// <param name="input">What <see cref="Parse"/> or <see cref="ParseUrl"/> gave.</param>
    /// <exception cref="FetchException">It cannot be had, or is not what the input says.</exception>
    public FetchedTree FetchTree(InputAttributes input)
    {
        if (input.IsFinal && input.NarHash is { } final && FindExpected(input.Name, ContentAddressMethod.NixArchive, final) is { } there)
        {
            return new FetchedTree(there, input);
        }

        var offer = SchemeOf(input).Offer(input);
        var (path, narHash) = Add(offer, input.Name);
        var result = LockChecks.Check(input, offer.Attributes.With("narHash", narHash.ToString(HashFormat.Sri)), ToUrl);
        return new FetchedTree(path, result);
    }

    /// <summary>Fetches from Git as <c>builtins.fetchGit</c> does, which leaves out what is not to be exported unless told else.</summary>
    /// <param name="input">The set that <c>fetchGit</c> takes, without <c>type</c>.</param>
    public FetchedTree FetchGit(InputAttributes input) => FetchTree(ParseGit(input));

    /// <summary>Reads what <c>builtins.fetchGit</c> takes as an input.</summary>
    public InputAttributes ParseGit(InputAttributes input)
    {
        var git = input.With("type", "git").With("url", GitUrl.Normalise(input.GetText("url")));
        return Parse(git.Has("exportIgnore") || git.FindFlag("submodules") == true ? git : git.With("exportIgnore", true));
    }

    public void Dispose()
    {
        _cache.Dispose();
        _transfers.Dispose();
    }

    private IInputScheme SchemeOf(InputAttributes input) =>
        _schemes.FirstOrDefault(s => s.Name == (input.FindText("type")
            ?? throw new FetchException(FetchErrors.BadInput, "'type' attribute to specify input scheme is required but not provided")))
        ?? throw new FetchException(FetchErrors.Unsupported, $"cannot fetch unsupported input '{input.ToJson()}'");

    /// <summary>Adds a tree to the store, unless it is known what it would be and that is there.</summary>
    private (StorePath Path, Hash NarHash) Add(TreeOffer offer, string name)
    {
        if (offer.Fingerprint is null)
        {
            return WithHash(offer.Add(name));
        }

        var key = InputAttributes.Empty.With("fingerprint", offer.Fingerprint).With("method", "nar").With("path", "/");
        if (_cache.Find("sourcePathToHash", key)?.Value.FindText("hash") is { } known && Hash.Parse(known) is var hash
            && FindExpected(name, ContentAddressMethod.NixArchive, hash) is { } there)
        {
            return (there, hash);
        }

        var added = WithHash(offer.Add(name));
        _cache.Put("sourcePathToHash", key, InputAttributes.Empty.With("hash", added.NarHash.ToString(HashFormat.Sri)));
        return added;
    }

    private (StorePath Path, Hash NarHash) WithHash(StorePath path) => (path, _store.Infos.Find(path)!.NarHash);

    private StorePath? FindExpected(string name, ContentAddressMethod method, Hash? expected)
    {
        if (expected is not { Algorithm: HashAlgorithm.Sha256 })
        {
            return null;
        }

        var path = _store.Directory.MakeContentAddressed(name, new ContentAddress(method, expected), []);
        _store.Roots.AddTemporaryRoot(path);
        return _store.Infos.IsValid(path) ? path : null;
    }

    private Hash HashFile(StorePath path, HashAlgorithm algorithm)
    {
        using var hash = new HashStream(algorithm);
        using var file = File.OpenRead(_store.RealPath(path));
        file.CopyTo(hash);
        return hash.Finish();
    }

    private static void CheckHash(string url, Hash expected, Hash found)
    {
        if (!found.Equals(expected))
        {
            throw new FetchException(FetchErrors.HashMismatch,
                $"hash mismatch in file downloaded from '{UrlRedaction.Redact(url)}':\n  specified: {expected}\n  got:       {found}", FetchErrors.HashMismatchStatus);
        }
    }
}

/// <summary>A tree in the store, and the input with all that is known about it.</summary>
public sealed record FetchedTree(StorePath Path, InputAttributes Attributes);
