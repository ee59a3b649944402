using System.Text;
using Firn.Archive;
using Firn.Archive.Nars;

namespace Firn.Cli.Trees;

/// <summary>Reads the tree of an archive; of the files it keeps where their bytes are.</summary>
internal sealed class NarTree : INarVisitor
{
    private readonly Stack<(string Name, List<TreeNode> Entries)> _open = new();
    private readonly Stream _input;
    private readonly string _wanted;
    private readonly Stream? _output;
    private string _name = "";
    private TreeNode? _file;
    private TreeNode? _root;
    private bool _copies;

    private NarTree(Stream input, string wanted, Stream? output) => (_input, _wanted, _output) = (input, wanted, output);

    /// <summary>Reads the whole archive from a file.</summary>
    public static TreeNode Read(Stream nar)
    {
        var visitor = new NarTree(nar, "", null);
        NarReader.Read(nar, visitor);
        return visitor._root!;
    }

    /// <summary>Reads the whole archive and copies one of its files to <paramref name="output"/>.</summary>
    /// <returns>Whether there is that file.</returns>
    public static bool Copy(Stream nar, string path, Stream output)
    {
        var visitor = new NarTree(nar, string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries)), output);
        NarReader.Read(nar, visitor);
        return visitor._root?.Find(path) is { Kind: EntryKind.Regular };
    }

    public void BeginFile(bool isExecutable, long size)
    {
        _file = new TreeNode(_name, EntryKind.Regular) { IsExecutable = isExecutable, Size = size, Offset = _input.CanSeek ? _input.Position : null };
        _copies = _output is not null && Here() == _wanted;
    }

    public void Write(ReadOnlySpan<byte> content)
    {
        if (_copies)
        {
            _output!.Write(content);
        }
    }

    public void EndFile() => Add(_file!);

    public void Symlink(ReadOnlySpan<byte> target) =>
        Add(new TreeNode(_name, EntryKind.Symlink) { Target = Encoding.UTF8.GetString(target) });

    public void BeginDirectory() => _open.Push((_name, []));

    public void Entry(ReadOnlySpan<byte> name) => _name = Encoding.UTF8.GetString(name);

    public void EndDirectory()
    {
        var (name, entries) = _open.Pop();
        Add(new TreeNode(name, EntryKind.Directory) { Entries = () => entries });
    }

    private string Here() => string.Join('/', _open.Reverse().Select(o => o.Name).Append(_name).Where(n => n.Length > 0));

    private void Add(TreeNode node)
    {
        if (_open.TryPeek(out var top))
        {
            top.Entries.Add(node);
        }
        else
        {
            _root = node;
        }
    }
}
