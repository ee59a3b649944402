using System.Globalization;
using System.Text;
using Firn.Archive.Trees;
using Firn.Model.Hashing;

namespace Firn.Archive.Hashing;

/// <summary>Hashes a tree as git does: files and links as blobs, directories as trees.</summary>
public sealed class GitHash : ContentHash
{
    private readonly HashAlgorithm _algorithm;
    private readonly Stack<List<TreeEntry>> _open = new();
    private HashStream? _blob;
    private bool _isExecutable;
    private byte[] _name = [];
    private Hash? _result;

    internal GitHash(HashAlgorithm algorithm) => _algorithm = algorithm;

    /// <summary>Hashes what is at <paramref name="path"/>; git itself uses SHA-1 or SHA-256.</summary>
    public static Hash Of(string path, HashAlgorithm algorithm, TreeDumpOptions? options = null)
    {
        using var visitor = new GitHash(algorithm);
        TreeDumper.Dump(path, visitor, options);
        return visitor.Finish();
    }

    public override Hash Finish() => _result!;

    public override void BeginFile(bool isExecutable, long size)
    {
        _isExecutable = isExecutable;
        _blob = Start("blob", size);
    }

    public override void Write(ReadOnlySpan<byte> content) => _blob!.Append(content);

    public override void EndFile() => Add(_isExecutable ? "100755" : "100644", End(_blob!));

    public override void Symlink(ReadOnlySpan<byte> target)
    {
        var blob = Start("blob", target.Length);
        blob.Append(target);
        Add("120000", End(blob));
    }

    public override void BeginDirectory() => _open.Push([new TreeEntry("", _name, null)]);

    public override void Entry(ReadOnlySpan<byte> name) => _name = name.ToArray();

    public override void EndDirectory()
    {
        var entries = _open.Pop();
        _name = entries[0].Name;
        entries.RemoveAt(0);
        // Git sorts directories as though their names ended in a slash.
        entries.Sort(static (a, b) => a.SortKey.AsSpan().SequenceCompareTo(b.SortKey));
        var lines = entries.ConvertAll(e => (Head: Encoding.ASCII.GetBytes(e.Mode + " "), e));
        var tree = Start("tree", lines.Sum(l => l.Head.Length + l.e.Name.Length + 1L + l.e.Hash!.Bytes.Length));
        foreach (var (head, entry) in lines)
        {
            tree.Append(head);
            tree.Append(entry.Name);
            tree.Append([0]);
            tree.Append(entry.Hash!.Bytes);
        }

        Add("40000", End(tree));
    }

    private static Hash End(HashStream stream)
    {
        using (stream)
        {
            return stream.Finish();
        }
    }

    private HashStream Start(string type, long size)
    {
        var stream = new HashStream(_algorithm);
        stream.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type} {size}\0")));
        return stream;
    }

    private void Add(string mode, Hash hash)
    {
        if (_open.TryPeek(out var entries))
        {
            entries.Add(new TreeEntry(mode, _name, hash));
        }
        else
        {
            _result = hash;
        }
    }

    private sealed record TreeEntry(string Mode, byte[] Name, Hash? Hash)
    {
        public byte[] SortKey => Mode == "40000" ? [.. Name, (byte)'/'] : Name;
    }
}
