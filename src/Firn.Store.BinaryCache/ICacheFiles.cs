using System.Text;

namespace Firn.Store.BinaryCache;

/// <summary>The files of a binary cache, by paths relative to it such as <c>nar/x.nar.xz</c>; used by many threads.</summary>
public interface ICacheFiles
{
    /// <summary>How a person knows the cache.</summary>
    string Uri { get; }

    bool Exists(string path);

    /// <summary>Opens a file, or returns null when there is none.</summary>
    /// <exception cref="StoreException">It cannot be said whether there is one, or it cannot be read.</exception>
    Stream? OpenRead(string path);

    /// <summary>Writes a file so that there is always the old content or the new.</summary>
    /// <exception cref="StoreException">The cache does not take it.</exception>
    void Write(string path, CacheFile file);

    /// <summary>Lists the names of the files at the top, where that can be done.</summary>
    IEnumerable<string> List();
}

/// <summary>What is written to a cache.</summary>
/// <param name="Open">Opens it at the start, perhaps more than once.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Type">What it is, such as <c>application/json</c>.</param>
public sealed record CacheFile(Func<Stream> Open, long Length, string Type)
{
    public static CacheFile Of(byte[] content, string type) => new(() => new MemoryStream(content, writable: false), content.Length, type);

    public static CacheFile Of(string text, string type) => Of(Encoding.UTF8.GetBytes(text), type);
}
