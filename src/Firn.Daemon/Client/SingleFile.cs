using Firn.Archive.Nars;

namespace Firn.Daemon.Client;

/// <summary>Takes the bytes out of a NAR that is one file.</summary>
internal sealed class SingleFile(Stream output) : INarVisitor
{
    public void BeginFile(bool isExecutable, long size) { }

    public void Write(ReadOnlySpan<byte> content) => output.Write(content);

    public void EndFile() { }

    public void Symlink(ReadOnlySpan<byte> target) => throw NotOne();

    public void BeginDirectory() => throw NotOne();

    public void Entry(ReadOnlySpan<byte> name) => throw NotOne();

    public void EndDirectory() => throw NotOne();

    private static NarException NotOne() => new("the archive holds no regular file, and only those have a flat hash");
}
