using System.Collections.Immutable;
using System.Text;
using Firn.Archive.Nars;
using Firn.Archive.Trees;

namespace Firn.Archive.Listing;

/// <summary>Makes the listing of the tree that it visits.</summary>
public sealed class NarListingBuilder : INarVisitor
{
    private readonly NarWriter _position = new(Stream.Null);
    private readonly Stack<(string Name, ImmutableArray<KeyValuePair<string, NarListing>>.Builder Entries)> _open = new();
    private string _name = "";
    private NarListing? _root;
    private NarListing.Regular? _file;

    /// <summary>Lists the NAR in <paramref name="nar"/>; reads exactly that.</summary>
    /// <exception cref="NarException">It is not a NAR.</exception>
    public static NarListing OfNar(Stream nar)
    {
        var builder = new NarListingBuilder();
        NarReader.Read(nar, builder);
        return builder.Finish();
    }

    /// <summary>Lists what is at a path of the file system.</summary>
    public static NarListing OfPath(string path)
    {
        var builder = new NarListingBuilder();
        TreeDumper.Dump(path, builder);
        return builder.Finish();
    }

    /// <summary>Returns the listing, when all was visited.</summary>
    public NarListing Finish() => _root!;

    public void BeginFile(bool isExecutable, long size)
    {
        _position.BeginFile(isExecutable, size);
        _file = new NarListing.Regular(size, isExecutable, _position.Position);
    }

    public void Write(ReadOnlySpan<byte> content) => _position.Write(content);

    public void EndFile()
    {
        _position.EndFile();
        Add(_file!);
    }

    public void Symlink(ReadOnlySpan<byte> target)
    {
        _position.Symlink(target);
        Add(new NarListing.Symlink(Encoding.UTF8.GetString(target)));
    }

    public void BeginDirectory()
    {
        _position.BeginDirectory();
        _open.Push((_name, ImmutableArray.CreateBuilder<KeyValuePair<string, NarListing>>()));
    }

    public void Entry(ReadOnlySpan<byte> name)
    {
        _position.Entry(name);
        _name = Encoding.UTF8.GetString(name);
    }

    public void EndDirectory()
    {
        _position.EndDirectory();
        (_name, var entries) = _open.Pop();
        Add(new NarListing.Directory(entries.ToImmutable()));
    }

    private void Add(NarListing entry)
    {
        if (_open.TryPeek(out var directory))
        {
            directory.Entries.Add(new(_name, entry));
        }
        else
        {
            _root = entry;
        }
    }
}
