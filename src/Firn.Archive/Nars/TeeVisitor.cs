namespace Firn.Archive.Nars;

/// <summary>Hands a tree to two visitors.</summary>
public sealed class TeeVisitor(INarVisitor first, INarVisitor second) : INarVisitor
{
    public void BeginFile(bool isExecutable, long size)
    {
        first.BeginFile(isExecutable, size);
        second.BeginFile(isExecutable, size);
    }

    public void Write(ReadOnlySpan<byte> content)
    {
        first.Write(content);
        second.Write(content);
    }

    public void EndFile()
    {
        first.EndFile();
        second.EndFile();
    }

    public void Symlink(ReadOnlySpan<byte> target)
    {
        first.Symlink(target);
        second.Symlink(target);
    }

    public void BeginDirectory()
    {
        first.BeginDirectory();
        second.BeginDirectory();
    }

    public void Entry(ReadOnlySpan<byte> name)
    {
        first.Entry(name);
        second.Entry(name);
    }

    public void EndDirectory()
    {
        first.EndDirectory();
        second.EndDirectory();
    }
}
