using Firn.Fetching.Caching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes;
using Firn.Fetching.Schemes.Forges;
using Firn.Fetching.Schemes.Git;
using Firn.Fetching.Schemes.Mercurial;
using Firn.Fetching.Schemes.Paths;
using Firn.Fetching.Schemes.Tarballs;
using Firn.Fetching.Transfers;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Transfers;

namespace Firn.Fetching;

/// <summary>Fetches files and trees into the store.</summary>
public sealed class Fetcher : IDisposable
{
    private readonly FetchStore _store;
    private readonly FetchCache _cache;
    private readonly FileDownloads _files;
    private readonly TarballDownloads _tarballs;
    private readonly GitFetcher _git;
    private readonly MercurialFetcher _mercurial;
    private readonly Dictionary<string, ITreeSource> _sources;

    public Fetcher(FetchSettings settings, HttpTransfers http, FetchStore store, FetchPlaces places, IMessageLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        _store = store;
        _cache = new FetchCache(places.CacheDirectory, settings.TarballTtl, time, log);
        var transfers = new FileTransfers(http);
        _files = new FileDownloads(store, _cache, transfers, log);
        _tarballs = new TarballDownloads(store, _cache, transfers, log);
        Forms = new InputForms(settings);
        _git = new GitFetcher(settings, store, _cache, places, log, time, cancellationToken);
        _mercurial = new MercurialFetcher(settings, store, _cache, places, log, cancellationToken);
        _sources = new Dictionary<string, ITreeSource>(StringComparer.Ordinal)
        {
            ["path"] = new PathTrees(store),
            ["git"] = _git,
            ["hg"] = _mercurial,
            ["tarball"] = new TarballTrees(_tarballs),
            ["file"] = new FileTrees(_files, store),
        };
        foreach (var forge in Forge.All)
        {
            _sources[forge.Name] = new ForgeTrees(forge, settings, store, _files, _tarballs, log);
        }
    }

    /// <summary>Where fetched trees go.</summary>
    public FetchStore Store => _store;

    /// <summary>Reads and writes what is to be fetched.</summary>
    public InputForms Forms { get; }

    /// <summary>Downloads a file into the store, as <c>builtins.fetchurl</c> does.</summary>
    /// <exception cref="FetchException">It cannot be had, or has another hash.</exception>
    public StorePath FetchUrl(string url, string name, Hash? expected)
    {
        if (FindExpected(name, ContentAddressMethod.Flat, expected) is { } there)
        {
            return there;
        }

        var path = _files.Get(url, name, []).Path;
        if (expected is not null)
        {
            CheckHash(url, expected, HashFile(path, expected.Algorithm));
        }

        return path;
    }

    /// <summary>Downloads a file into the store and tells where it was in the end.</summary>
    public DownloadedFile Download(string url, string name) => _files.Get(url, name, []);

    /// <summary>Downloads and unpacks an archive, as <c>builtins.fetchTarball</c> does.</summary>
    /// <exception cref="FetchException">It cannot be had, or has another hash.</exception>
    public StorePath FetchTarball(string url, string name, Hash? expected)
    {
        if (FindExpected(name, ContentAddressMethod.NixArchive, expected) is { } there)
        {
            return there;
        }

        var path = _tarballs.Get(url, name, []).Path;
        if (expected is not null)
        {
            CheckHash(url, expected, _store.Infos.Find(path)!.NarHash);
        }

        return path;
    }

    /// <summary>Fetches a tree, as <c>builtins.fetchTree</c> does.</summary>
    /// <param name="input">What <see cref="Forms"/> gave.</param>
    /// <exception cref="FetchException">It cannot be had, or is not what the input says.</exception>
    public FetchedTree FetchTree(InputAttributes input)
    {
        if (input.IsFinal && input.NarHash is { } final && FindExpected(input.Name, ContentAddressMethod.NixArchive, final) is { } there)
        {
            return new FetchedTree(there, input);
        }

        var offer = SourceOf(input).Offer(input);
        var (path, narHash) = Add(offer, input.Name);
        var result = LockChecks.Check(input, offer.Attributes.With("narHash", narHash.ToString(HashFormat.Sri)), i => Forms.ToUrl(i).ToString());
        return new FetchedTree(path, result);
    }

    /// <summary>Returns the folder that an input is, when it can be changed; null for what is only fetched.</summary>
    public string? FindFolder(InputAttributes input) => input.Type switch
    {
        "path" => Path.GetFullPath(input.GetText("path")),
        "git" => _git.FindWorkTree(input),
        "hg" => _mercurial.FindWorkTree(input),
        _ => null,
    };

    /// <summary>Writes a file of an input, and commits it when there is a message and the input can have commits.</summary>
    /// <exception cref="FetchException">The input cannot be changed.</exception>
    public void WriteFile(InputAttributes input, string name, string content, string? message)
    {
        var folder = FindFolder(input) ?? throw new FetchException(FetchErrors.Unsupported, $"cannot write '{name}' to '{Forms.ToUrl(input)}', which is no folder of this machine");
        File.WriteAllText(Path.Combine(folder, name), content);
        switch (input.Type)
        {
            case "git":
                _git.Take(folder, name, message);
                break;
            case "hg":
                _mercurial.Take(folder, name, message);
                break;
        }
    }

    /// <summary>Has git track files of a work tree, even those that it is told to ignore.</summary>
    public void TrackFiles(string folder, IEnumerable<string> files) => _git.Track(folder, files);

    /// <summary>Returns the repository in which a file is that git does not track, so that it is not part of the input; else null.</summary>
    public string? FindUntracked(InputAttributes input, string name) =>
        input.Type == "git" && _git.FindWorkTree(input) is { } folder && Path.Exists(Path.Combine(folder, name)) ? folder : null;

    /// <summary>Puts a copy of an input into a folder that is not there yet: a clone, where it is a repository.</summary>
    /// <exception cref="FetchException">Something is there already, or the input cannot be had.</exception>
    public void Clone(InputAttributes input, string folder)
    {
        if (input.Type == "git")
        {
            _git.Clone(input, folder);
            return;
        }

        if (Forge.All.FirstOrDefault(f => f.Name == input.Type) is { } forge)
        {
            var url = $"git+https://{forge.HostOf(input)}/{input.GetText("owner")}/{input.GetText("repo")}.git";
            var repository = Forms.ParseUrl(Urls.Url.Parse(url), wantsTree: true);
            Clone(Forms.WithRevision(repository, input.Ref, input.Revision), folder);
            return;
        }

        if (Path.Exists(folder))
        {
            throw new FetchException(FetchErrors.Unsupported, $"cannot clone into existing path '{folder}'");
        }

        FolderCopy.Copy(_store.RealPath(FetchTree(input).Path), folder);
    }

    public void Dispose() => _cache.Dispose();

    private ITreeSource SourceOf(InputAttributes input) => _sources.TryGetValue(input.Type, out var source)
        ? source
        : throw new FetchException(FetchErrors.Unsupported, $"input '{Forms.ToUrl(input)}' cannot be fetched directly");

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
