using System.Text.Json;
using Firn.Archive;
using Firn.Cli.Commands;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Sessions;

namespace Firn.Cli.Trees;

/// <summary>Lists what is in a tree: <c>nix store ls</c> and <c>nix nar ls</c> differ only in where the tree is.</summary>
internal abstract class ListCommand : Command
{
    private readonly JsonOptions _json = new();
    private bool _recursive;
    private bool _long;
    private bool _directory;

    public sealed override void Declare(Grammar grammar)
    {
        grammar
            .Flag("recursive", "List subdirectories recursively.", () => _recursive = true, 'R')
            .Flag("long", "Show detailed file information.", () => _long = true, 'l')
            .Flag("directory", "Show directories rather than their contents.", () => _directory = true, 'd');
        _json.Declare(grammar);
        DeclareTree(grammar);
    }

    public sealed override int Run(Session session, Output output)
    {
        var (root, path) = Open(session);
        var node = root.Find(path) ?? throw TreePath.Missing(Asked);
        if (!_json.IsWanted)
        {
            // The whole object has no name in upstream's list.
            var name = node.Kind == EntryKind.Directory ? "." : path.Trim('/').Length == 0 ? "" : node.Name;
            Print(node, name, output.Text, _directory || node.Kind != EntryKind.Directory);
            return 0;
        }

        if (_directory)
        {
            throw new UsageException("'--directory' is useless with '--json'");
        }

        output.Json(false, json => Write(json, node, isTop: true));
        return 0;
    }

    /// <summary>What was asked for.</summary>
    protected abstract string Asked { get; }

    protected abstract void DeclareTree(Grammar grammar);

    /// <summary>Returns a tree and where in it to look.</summary>
    protected abstract (TreeNode Root, string Path) Open(Session session);

    private void Print(TreeNode node, string path, TextWriter text, bool showsItself)
    {
        if (showsItself)
        {
            var (mode, link) = node.Kind switch
            {
                EntryKind.Regular => (node.IsExecutable ? "-r-xr-xr-x" : "-r--r--r--", ""),
                EntryKind.Symlink => ("lrwxrwxrwx", " -> " + node.Target),
                _ => ("dr-xr-xr-x", ""),
            };
            text.WriteLine(_long ? $"{mode} {node.Size,20} {path}{link}" : path);
        }

        if (node.Kind == EntryKind.Directory && (!showsItself || _recursive))
        {
            foreach (var entry in node.Entries())
            {
                Print(entry, $"{path}/{entry.Name}", text, showsItself: true);
            }
        }
    }

    private void Write(Utf8JsonWriter json, TreeNode node, bool isTop)
    {
        json.WriteStartObject();
        switch (node.Kind)
        {
            case EntryKind.Regular:
                if (node.IsExecutable)
                {
                    json.WriteBoolean("executable", true);
                }

                if (node.Offset is { } offset)
                {
                    json.WriteNumber("narOffset", offset);
                }

                json.WriteNumber("size", node.Size);
                json.WriteString("type", "regular");
                break;
            case EntryKind.Symlink:
                json.WriteString("target", node.Target);
                json.WriteString("type", "symlink");
                break;
            default:
                if (isTop || _recursive)
                {
                    json.WriteStartObject("entries");
                    foreach (var entry in node.Entries())
                    {
                        json.WritePropertyName(entry.Name);
                        if (_recursive)
                        {
                            Write(json, entry, isTop: false);
                        }
                        else
                        {
                            json.WriteStartObject();
                            json.WriteEndObject();
                        }
                    }

                    json.WriteEndObject();
                }

                json.WriteString("type", "directory");
                break;
        }

        json.WriteEndObject();
    }
}

/// <summary><c>nix store ls</c>: lists what is in an object.</summary>
internal sealed class StoreListCommand : ListCommand
{
    private string _path = "";

    public override string Summary => "show information about a path in the Nix store";

    public override string Examples => """
        # The files of the result of the last build:
        $ nix store ls -lR $(readlink ./result)
        """;

    protected override string Asked => _path;

    protected override void DeclareTree(Grammar grammar) => grammar.Position("path", v => _path = v);

    protected override (TreeNode Root, string Path) Open(Session session) => StoreFiles.Find(session, _path);
}

/// <summary><c>nix nar ls</c>: lists what is in an archive.</summary>
internal sealed class NarListCommand : ListCommand
{
    private string _nar = "";
    private string _path = "";

    public override string Summary => "show information about a path inside a NAR file";

    protected override string Asked => _path;

    protected override void DeclareTree(Grammar grammar) => grammar.Position("nar", v => _nar = v).Position("path", v => _path = v);

    protected override (TreeNode Root, string Path) Open(Session session)
    {
        using var file = new BufferedStream(FileHandle.OpenRead(_nar), 64 * 1024);
        return (NarTree.Read(file), _path);
    }
}
