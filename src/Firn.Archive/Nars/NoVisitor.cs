namespace Firn.Archive.Nars;

/// <summary>Takes a tree and forgets it: reading a NAR into it skips and checks the NAR.</summary>
public sealed class NoVisitor : INarVisitor
{
    private NoVisitor() { }

    public static NoVisitor Instance { get; } = new();

    public void BeginFile(bool isExecutable, long size) { }

    public void Write(ReadOnlySpan<byte> content) { }

    public void EndFile() { }

    public void Symlink(ReadOnlySpan<byte> target) { }

    public void BeginDirectory() { }

    public void Entry(ReadOnlySpan<byte> name) { }

    public void EndDirectory() { }
}
