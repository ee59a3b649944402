using Firn.Model.StorePaths;
using Firn.Sessions.Stores;
using Firn.Store.Closures;
using Firn.Store.PathInfos;

namespace Firn.Cli.Rendering;

/// <summary>Prints how objects refer to each other: as a tree, for Graphviz, as GraphML.</summary>
internal static class ReferenceGraphs
{
    public const string Connection = "├───";
    public const string LastConnection = "└───";
    public const string Line = "│   ";
    public const string NoLine = "    ";

    private static readonly string[] _colours = ["black", "red", "green", "blue", "magenta", "burlywood"];

    public static void PrintTree(OpenStore store, IEnumerable<StorePath> roots, TextWriter text)
    {
        var done = new HashSet<StorePath>();
        // An own stack: the graph may be deeper than a thread's.
        var waiting = new Stack<(StorePath Path, string Head, string Tail)>(roots.Reverse().Select(r => (r, "", "")));
        while (waiting.TryPop(out var next))
        {
            var isNew = done.Add(next.Path);
            text.WriteLine($"{next.Head}{store.Directory.Absolute(next.Path)}{(isNew ? "" : " [...]")}");
            if (!isNew)
            {
                continue;
            }

            // Those that others need come first: it keeps the tree flat.
            var below = Closure.Sort(store.Infos.Get(next.Path, store.Directory).References, store.Infos, store.Directory);
            for (var i = 0; i < below.Count; i++)
            {
                var isLast = i == 0;
                waiting.Push((below[i], next.Tail + (isLast ? LastConnection : Connection), next.Tail + (isLast ? NoLine : Line)));
            }
        }
    }

    public static void PrintDot(OpenStore store, SortedSet<StorePath> roots, TextWriter text)
    {
        var colour = 0;
        text.WriteLine("digraph G {");
        Walk(store, roots, (path, references) =>
        {
            text.WriteLine($"\"{path}\" [label = \"{path.Name}\", shape = box, style = filled, fillcolor = \"#ff0000\"];");
            foreach (var reference in references)
            {
                text.WriteLine($"\"{reference}\" -> \"{path}\" [color = \"{_colours[colour++ % _colours.Length]}\"];");
            }
        });
        text.WriteLine("}");
    }

    public static void PrintGraphMl(OpenStore store, SortedSet<StorePath> roots, TextWriter text)
    {
        text.Write("""
            <?xml version='1.0' encoding='utf-8'?>
            <graphml xmlns='http://graphml.graphdrawing.org/xmlns'
                xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
                xsi:schemaLocation='http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd'>
            <key id='narSize' for='node' attr.name='narSize' attr.type='long'/><key id='name' for='node' attr.name='name' attr.type='string'/><key id='type' for='node' attr.name='type' attr.type='string'/><graph id='G' edgedefault='directed'>

            """);
        Walk(store, roots, (path, references) =>
        {
            // Upstream shows the name up to its first dash.
            var name = path.Name[..(path.Name.IndexOf('-') + 1)];
            text.WriteLine($"  <node id=\"{path}\">");
            text.WriteLine($"    <data key=\"narSize\">{store.Infos.Get(path, store.Directory).NarSize}</data>");
            text.WriteLine($"    <data key=\"name\">{name}</data>");
            text.WriteLine($"    <data key=\"type\">{(path.IsDerivation ? "derivation" : "output-path")}</data>");
            text.WriteLine("  </node>");
            foreach (var reference in references)
            {
                text.WriteLine($"  <edge source=\"{path}\" target=\"{reference}\"/>");
            }
        });
        text.WriteLine("</graph>");
        text.WriteLine("</graphml>");
    }

    private static void Walk(OpenStore store, SortedSet<StorePath> waiting, Action<StorePath, IEnumerable<StorePath>> visit)
    {
        var done = new HashSet<StorePath>();
        while (waiting.Min is { } path)
        {
            waiting.Remove(path);
            if (done.Add(path))
            {
                var references = store.Infos.Get(path, store.Directory).OtherReferences.ToList();
                waiting.UnionWith(references);
                visit(path, references);
            }
        }
    }
}
