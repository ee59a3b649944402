using System.Collections.Immutable;
using Firn.Archive.Tarballs;
using Firn.Fetching.Caching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Transfers;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store.Contents;
using Firn.Transfers;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>Downloads archives and unpacks them into the store.</summary>
/// <remarks>
/// C++ Nix unpacks them into a Git repository and remembers under the domain <c>tarball</c> the tree in that; what is
/// unpacked straight into the store is remembered under a domain of our own.
/// </remarks>
public sealed class TarballDownloads(FetchStore store, FetchCache cache, ITransfers transfers, IMessageLog log)
{
    private const string Domain = "tarballInStore";

    /// <summary>Gets an archive, from the cache as long as that is fresh, and unpacks it under <paramref name="name"/>.</summary>
    /// <remarks>A single directory at its top is left out.</remarks>
    public UnpackedTarball Get(string url, string name, ImmutableArray<TransferHeader> headers)
    {
        CheckLocal(Url.Parse(url));
        var key = InputAttributes.Empty.With("url", url).With("name", name);
        var cached = cache.FindObject(Domain, key, store.Directory, store.Infos, store.Roots);
        if (cached is { IsFresh: true })
        {
            return FromCache(cached.Path, cached.Value);
        }

        using var transfer = transfers.Get(url, cached?.Value.FindText("etag") ?? "", headers);
        var (path, value) = transfer.Path is { } file ? Unpack(file, url, name) : (cached!.Path, cached.Value);
        value = value.With("etag", transfer.ETag);
        value = transfer.ImmutableUrl is { } immutable ? value.With("immutableUrl", immutable) : value;
        foreach (var passed in transfer.Urls)
        {
            cache.PutObject(Domain, key.With("url", passed), store.Directory, value, path);
        }

        return FromCache(path, value);
    }

    private (StorePath Path, InputAttributes Value) Unpack(string file, string url, string name)
    {
        log.Write(Verbosity.Info, $"unpacking '{UrlRedaction.Redact(url)}' into the store");
        using var folder = new TemporaryFolder();
        using var archive = File.OpenRead(file);
        long latest;
        try
        {
            latest = Unpacker.Unpack(ArchiveReader.Read(archive), new FolderUnpackTarget(folder.Path));
        }
        catch (TarballException e)
        {
            throw new FetchException(FetchErrors.BadArchive, $"cannot unpack '{UrlRedaction.Redact(url)}': {e.Message}");
        }

        var top = Directory.GetFileSystemEntries(folder.Path) is [var only] && new DirectoryInfo(only) is { Exists: true, LinkTarget: null } ? only : folder.Path;
        return (store.Contents.AddFromDisk(name, top, ContentOptions.Default), InputAttributes.Empty.With("lastModified", (ulong)latest));
    }

    private static UnpackedTarball FromCache(StorePath path, InputAttributes value) =>
        new(path, value.FindInteger("lastModified") ?? 0, value.FindText("immutableUrl"));

    /// <summary>Says what is wrong with the usual mistakes.</summary>
    private static void CheckLocal(Url url)
    {
        if (url.Scheme != "file")
        {
            return;
        }

        var problem = !url.Path.StartsWith('/') ? $"tarball '{url}' must use an absolute path. The 'file' scheme does not support relative paths."
            : !Path.Exists(url.Path) ? $"tarball '{url.Path}' does not exist."
            : !Directory.Exists(url.Path) ? null
            : Path.Exists(Path.Combine(url.Path, ".git")) ? $"tarball '{url.Path}' is a git repository, not a tarball. Please use `git+file` as the scheme."
            : $"tarball '{url.Path}' is a directory, not a file.";
        if (problem is not null)
        {
            throw new FetchException(FetchErrors.BadUrl, problem);
        }
    }
}

/// <summary>An archive that was unpacked into the store.</summary>
/// <param name="Path">The object.</param>
/// <param name="LastModified">The latest time of its members, in seconds since 1970.</param>
/// <param name="ImmutableUrl">A URL that will always give this version, where the server says one.</param>
public sealed record UnpackedTarball(StorePath Path, ulong LastModified, string? ImmutableUrl);
