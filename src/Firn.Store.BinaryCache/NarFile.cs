using Firn.Archive.Nars;

namespace Firn.Store.BinaryCache;

/// <summary>Reads an archive that is one small file, such as a derivation.</summary>
internal sealed class NarFile : INarVisitor
{
    private const long MaxSize = 256 << 20;

    private readonly MemoryStream _content = new();
    private bool _isFile;

    /// <summary>Returns the content of the file whose archive <paramref name="write"/> writes.</summary>
    /// <exception cref="StoreException">It is a directory, a link, or no small file.</exception>
    public static byte[] Read(Action<Stream> write)
    {
        var file = new NarFile();
        using var nar = new Copying.PulledNar(write);
        NarReader.Read(nar, file);
        return file._isFile ? file._content.ToArray() : throw Bad();
    }

    public void BeginFile(bool isExecutable, long size) => _isFile = size <= MaxSize ? true : throw Bad();

    public void Write(ReadOnlySpan<byte> content) => _content.Write(content);

    public void EndFile() { }

    public void Symlink(ReadOnlySpan<byte> target) => throw Bad();

    public void BeginDirectory() => throw Bad();

    public void Entry(ReadOnlySpan<byte> name) { }

    public void EndDirectory() { }

    private static StoreException Bad() => new(StoreErrors.BadDerivation, "what should be a derivation is no small file");
}
