using System.Text;
using Firn.Archive.Hashing;
using Firn.Archive.Trees;
using Firn.Model.Hashing;
using Firn.Platform.Files;

namespace Firn.Archive.Nars;

/// <summary>Treats bytes in memory as a tree that is one file.</summary>
public static class NarOfFile
{
    /// <summary>Hashes the NAR of a file with this content that is not executable.</summary>
    public static PathHash Hash(ReadOnlySpan<byte> content)
    {
        using var hash = new HashStream(HashAlgorithm.Sha256);
        var writer = new NarWriter(hash);
        Visit(content, writer);
        writer.Finish();
        return new(hash.Finish(), hash.Count);
    }

    /// <summary>Makes a file with this content, where nothing may be yet.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, TreeRestoreOptions options)
    {
        using var restorer = new TreeRestorer(path, options);
        Visit(content, restorer);
    }

    /// <summary>Makes a file with this content in a directory, where nothing of its name may be yet.</summary>
    public static void Write(DirectoryHandle directory, string name, ReadOnlySpan<byte> content, TreeRestoreOptions options) =>
        TreeRestorer.RestoreFile(directory, Encoding.UTF8.GetBytes(name), content, options);

    private static void Visit(ReadOnlySpan<byte> content, INarVisitor visitor)
    {
        visitor.BeginFile(isExecutable: false, content.Length);
        visitor.Write(content);
        visitor.EndFile();
    }
}
