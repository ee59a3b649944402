using Firn.Archive.Nars;
using Firn.Model.Text;
using Firn.Store.References;

namespace Firn.Building.Outputs;

/// <summary>Passes a tree on with digests replaced in contents, links and names.</summary>
internal sealed class RewritingVisitor(Rewrites rewrites, INarVisitor next) : INarVisitor
{
    private DigestRewriter? _file;

    public void BeginFile(bool isExecutable, long size)
    {
        next.BeginFile(isExecutable, size);
        _file = new DigestRewriter(rewrites.Items, new Passing(next));
    }

    public void Write(ReadOnlySpan<byte> content) => _file!.Write(content);

    public void EndFile()
    {
        _file!.Finish();
        next.EndFile();
    }

    public void Symlink(ReadOnlySpan<byte> target) => next.Symlink(Rewrite(target));

    public void BeginDirectory() => next.BeginDirectory();

    public void Entry(ReadOnlySpan<byte> name) => next.Entry(Rewrite(name));

    public void EndDirectory() => next.EndDirectory();

    private ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> text) => rewrites.Apply(new ByteString(text.ToArray())).Span;

    private sealed class Passing(INarVisitor next) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => next.Write(buffer);
    }
}
