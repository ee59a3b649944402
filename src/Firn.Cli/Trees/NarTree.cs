using System.Text;
using Firn.Archive;
using Firn.Archive.Listing;
using Firn.Archive.Nars;

namespace Firn.Cli.Trees;

/// <summary>The tree of an archive; of the files it knows where their bytes are.</summary>
internal static class NarTree
{
    /// <summary>Reads the whole archive.</summary>
    public static TreeNode Read(Stream nar) => Of("", NarListingBuilder.OfNar(nar));

    private static TreeNode Of(string name, NarListing entry) => entry switch
    {
        NarListing.Regular file => new TreeNode(name, EntryKind.Regular) { IsExecutable = file.IsExecutable, Size = file.Size, Offset = file.Offset },
        NarListing.Symlink link => new TreeNode(name, EntryKind.Symlink) { Target = link.Target },
        NarListing.Directory directory => new TreeNode(name, EntryKind.Directory) { Entries = () => [.. directory.Entries.Select(e => Of(e.Key, e.Value))] },
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Copies one file out of an archive.</summary>
internal sealed class NarFileCopy : INarVisitor
{
    private readonly Stack<string> _open = new();
    private readonly string _wanted;
    private readonly Stream _output;
    private string _name = "";
    private EntryKind? _found;
    private bool _copies;

    private NarFileCopy(string wanted, Stream output) => (_wanted, _output) = (wanted, output);

    /// <summary>Reads the whole archive and copies one of its files to <paramref name="output"/>.</summary>
    /// <returns>What is at the path; only files were copied.</returns>
    public static EntryKind? Run(Stream nar, string path, Stream output)
    {
        var visitor = new NarFileCopy(string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries)), output);
        NarReader.Read(nar, visitor);
        return visitor._found;
    }

    public void BeginFile(bool isExecutable, long size) => _copies = Is(EntryKind.Regular);

    public void Write(ReadOnlySpan<byte> content)
    {
        if (_copies)
        {
            _output.Write(content);
        }
    }

    public void EndFile() { }

    public void Symlink(ReadOnlySpan<byte> target) => Is(EntryKind.Symlink);

    public void BeginDirectory()
    {
        Is(EntryKind.Directory);
        _open.Push(_name);
    }

    public void Entry(ReadOnlySpan<byte> name) => _name = Encoding.UTF8.GetString(name);

    public void EndDirectory() => _open.Pop();

    private bool Is(EntryKind kind)
    {
        var isWanted = string.Join('/', _open.Reverse().Append(_name).Where(n => n.Length > 0)) == _wanted;
        _found = isWanted ? kind : _found;
        return isWanted;
    }
}
