namespace Firn.Store.BinaryCache.Files;

/// <summary>The files of a cache that nothing is written to.</summary>
public sealed class ReadOnlyFiles(ICacheFiles inner) : ICacheFiles
{
    public string Uri => inner.Uri;

    public bool Exists(string path) => inner.Exists(path);

    public Stream? OpenRead(string path) => inner.OpenRead(path);

    public void Write(string path, CacheFile file) =>
        throw new StoreException(StoreErrors.Unsupported, $"uploading to '{Uri}/{path}' is not supported");

    public IEnumerable<string> List() => inner.List();
}
