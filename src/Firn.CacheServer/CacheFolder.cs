using Firn.CacheServer.Blobs;
using Firn.CacheServer.Metadata;

namespace Firn.CacheServer;

/// <summary>The folder in which a server keeps everything: the metadata in SQLite, the rest in files.</summary>
public sealed class CacheFolder : IDisposable
{
    private CacheFolder(string path, IMetadata metadata, IBlobs blobs) => (Path, Metadata, Blobs) = (path, metadata, blobs);

    public string Path { get; }

    internal Collecting.UseHandover Handover => new(Path);

    public IMetadata Metadata { get; }

    public IBlobs Blobs { get; }

    /// <summary>Tells whether a folder is one of a server.</summary>
    public static bool IsThere(string path) => File.Exists($"{path}/metadata.sqlite");

    /// <summary>Opens the folder, which is made where there is none; only its owner may read what is in it.</summary>
    public static CacheFolder Open(string path, TimeProvider time)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new CacheFolder(path, new SqliteMetadata($"{path}/metadata.sqlite", time), new FolderBlobs($"{path}/blobs"));
    }

    /// <summary>Returns the cache called <paramref name="name"/>.</summary>
    /// <exception cref="CacheServerException">There is none.</exception>
    public NamedCache Get(string name) => Metadata.ListCaches().FirstOrDefault(c => c.Name == name)
        ?? throw new CacheServerException(
            CacheServerErrors.NoCache, $"there is no cache '{name}' in '{Path}'", null,
            Metadata.ListCaches() is { Count: > 0 } others
                ? $"There are: {string.Join(", ", others.Select(c => c.Name))}."
                : $"Make it by 'firn cache create {name}'.");

    /// <summary>Has a server that runs beside write down what was asked for, before it is decided what is not needed any more.</summary>
    public void AwaitUse(CancellationToken cancellationToken) => Handover.Await(cancellationToken);

    public void Dispose() => Metadata.Dispose();
}
