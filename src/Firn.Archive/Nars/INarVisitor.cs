namespace Firn.Archive.Nars;

/// <summary>Takes a file tree piece by piece, in the order of a NAR.</summary>
/// <remarks>One of <see cref="BeginFile"/>, <see cref="Symlink"/> and <see cref="BeginDirectory"/> comes first;
/// inside a directory each entry is announced by <see cref="Entry"/> and then comes like the whole.</remarks>
public interface INarVisitor
{
    /// <summary>Starts a file; <paramref name="size"/> bytes follow by <see cref="Write"/>, then <see cref="EndFile"/>.</summary>
    void BeginFile(bool isExecutable, long size);

    void Write(ReadOnlySpan<byte> content);

    void EndFile();

    void Symlink(ReadOnlySpan<byte> target);

    void BeginDirectory();

    /// <summary>Announces the next entry of the directory; names come sorted by their bytes.</summary>
    void Entry(ReadOnlySpan<byte> name);

    void EndDirectory();
}
