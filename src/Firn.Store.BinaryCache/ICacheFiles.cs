namespace Firn.Store.BinaryCache;

/// <summary>The files of a binary cache, by paths relative to it such as <c>nar/x.nar.xz</c>.</summary>
public interface ICacheFiles
{
    /// <summary>How a person knows the cache.</summary>
    string Uri { get; }

    bool Exists(string path);

    /// <summary>Opens a file, or returns null when there is none.</summary>
    Stream? OpenRead(string path);

    /// <summary>Writes a file so that there is always the old content or the new.</summary>
    void Write(string path, Action<Stream> write);

    /// <summary>Lists the names of the files at the top, where that can be done.</summary>
    IEnumerable<string> List();
}
