using Firn.Archive.Nars;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;

namespace Firn.Archive.Hashing;

/// <summary>Hashes the tree that it visits in another way than as NAR.</summary>
public abstract class ContentHash : INarVisitor, IDisposable
{
    /// <summary>Returns what hashes a tree by <paramref name="method"/>, which must not be by NAR.</summary>
    public static ContentHash For(ContentAddressMethod method, HashAlgorithm algorithm) =>
        method == ContentAddressMethod.Git ? new GitHash(algorithm) : new FlatHash(algorithm);

    /// <summary>Returns the hash of what was visited.</summary>
    public abstract Hash Finish();

    public virtual void Dispose() => GC.SuppressFinalize(this);

    public abstract void BeginFile(bool isExecutable, long size);

    public abstract void Write(ReadOnlySpan<byte> content);

    public abstract void EndFile();

    public abstract void Symlink(ReadOnlySpan<byte> target);

    public abstract void BeginDirectory();

    public abstract void Entry(ReadOnlySpan<byte> name);

    public abstract void EndDirectory();
}

/// <summary>Hashes the bytes of a single file.</summary>
internal sealed class FlatHash(HashAlgorithm algorithm) : ContentHash
{
    private readonly HashStream _hash = new(algorithm);

    public override Hash Finish() => _hash.Finish();

    public override void Dispose()
    {
        _hash.Dispose();
        base.Dispose();
    }

    public override void BeginFile(bool isExecutable, long size) { }

    public override void Write(ReadOnlySpan<byte> content) => _hash.Append(content);

    public override void EndFile() { }

    public override void Symlink(ReadOnlySpan<byte> target) => throw NotAFile();

    public override void BeginDirectory() => throw NotAFile();

    public override void Entry(ReadOnlySpan<byte> name) => throw NotAFile();

    public override void EndDirectory() => throw NotAFile();

    private static NarException NotAFile() => new("only a regular file has a flat hash, and this is none");
}
