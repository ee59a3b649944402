using Firn.Archive.Tarballs;
using Firn.Fetching.Transfers;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Sessions;
using Firn.Store.Contents;
using Firn.Store.PathInfos;
using Firn.Transfers;

namespace Firn.Cli.Prefetching;

/// <summary>A file to be downloaded into the store before a derivation asks for it.</summary>
/// <param name="Url">Where it is.</param>
internal sealed record FilePrefetch(string Url)
{
    /// <summary>What the object is called; null for what the URL calls it.</summary>
    public string? Name { get; init; }

    public HashAlgorithm Algorithm { get; init; } = HashAlgorithm.Sha256;

    /// <summary>What its hash must be; null when that is to be found out.</summary>
    public Hash? Expected { get; init; }

    /// <summary>Whether it is an archive whose content is meant.</summary>
    public bool Unpacks { get; init; }

    /// <summary>Whether it is a program.</summary>
    public bool IsExecutable { get; init; }

    private ContentAddressMethod Method => Unpacks || IsExecutable ? ContentAddressMethod.NixArchive : ContentAddressMethod.Flat;

    /// <summary>Downloads it, unless the store has it, and returns where it is and its hash.</summary>
    /// <exception cref="FirnException">It cannot be had, or has another hash.</exception>
    public (StorePath Path, Hash Hash) Run(Session session)
    {
        var name = Name ?? NameOf(Url);
        if (Expected is not null)
        {
            var known = session.StoreDirectory.MakeContentAddressed(name, new ContentAddress(Method, Expected), []);
            if (session.Store.Infos.IsValid(known))
            {
                return (known, Expected);
            }
        }

        var folder = Directory.CreateTempSubdirectory("firn-prefetch-").FullName;
        try
        {
            return Add(session, name, Fetch(session, folder));
        }
        finally
        {
            FileTree.Delete(folder);
        }
    }

    private string Fetch(Session session, string folder)
    {
        using var transfer = new FileTransfers(session.Transfers).Get(Url, "", []);
        var file = $"{folder}/tmp";
        File.Copy(transfer.Path!, file);
        if (IsExecutable)
        {
            FilePath.ChangeMode(file, 0x1c0);
        }

        if (!Unpacks)
        {
            return file;
        }

        var unpacked = Directory.CreateDirectory($"{folder}/unpacked").FullName;
        try
        {
            using var archive = File.OpenRead(file);
            Unpacker.Unpack(ArchiveReader.Read(archive), new FolderUnpackTarget(unpacked));
        }
        catch (TarballException e)
        {
            throw new CommandException($"cannot unpack '{UrlRedaction.Redact(Url)}': {e.Message}");
        }

        return Directory.GetFileSystemEntries(unpacked) switch
        {
            [] => throw new CommandException($"archive '{UrlRedaction.Redact(Url)}' is empty"),
            [var only] => only,
            _ => unpacked,
        };
    }

    private (StorePath Path, Hash Hash) Add(Session session, string name, string file)
    {
        var path = session.Store.Contents.AddFromDisk(
            name, file, ContentOptions.Default with { Method = Method, Algorithm = Expected?.Algorithm ?? Algorithm });
        var hash = session.Store.Infos.Get(path, session.StoreDirectory).ContentAddress!.Hash;
        return Expected is null || Expected.Equals(hash)
            ? (path, hash)
            : throw new CommandException($"hash mismatch in file downloaded from '{UrlRedaction.Redact(Url)}':\n  specified: {Expected}\n  got:       {hash}");
    }

    /// <summary>The last part of a URL's path.</summary>
    private static string NameOf(string url)
    {
        var path = url.Split('?', '#')[0].TrimEnd('/');
        var name = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        if (name.Length == 0 || path.EndsWith("://", StringComparison.Ordinal))
        {
            throw new CommandException($"cannot figure out file name for '{UrlRedaction.Redact(url)}'");
        }

        return StorePathName.FindProblem(name) is { } problem
            ? throw new CommandException($"'{name}', the name of the file at '{UrlRedaction.Redact(url)}', cannot be that of a store object: {problem}", "Another can be given with '--name'.")
            : name;
    }
}
