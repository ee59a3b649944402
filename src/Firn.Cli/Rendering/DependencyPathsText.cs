using System.Text;
using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Rendering;

/// <summary>Prints how an object leads to another, as a tree; on request with the files that mention the next.</summary>
internal sealed class DependencyPathsText(
    Session session, DependencyPaths graph, StorePath from, StorePath to, bool showsAll, bool isPrecise, Ansi ansi, TextWriter text)
{
    private const int Margin = 32;

    private readonly HashSet<StorePath> _visited = [];
    private bool _isDone;

    public void Print()
    {
        if (!isPrecise)
        {
            text.WriteLine(session.StoreDirectory.Absolute(from));
        }

        Visit(from, "");
    }

    private void Visit(StorePath path, string pad)
    {
        if (isPrecise)
        {
            var shown = (pad.Length > 0 ? "→ " : "") + session.StoreDirectory.Absolute(path);
            text.WriteLine(pad + (_visited.Contains(path) ? ansi.Faint(shown) : shown));
        }

        if (path.Equals(to) && !showsAll && !from.Equals(to))
        {
            _isDone = true;
            return;
        }

        if (_visited.Contains(path))
        {
            return;
        }

        if (isPrecise)
        {
            _visited.Add(path);
        }

        var next = graph.Towards(path).Where(r => !r.Equals(path) || from.Equals(to)).ToList();
        var hits = isPrecise ? MentionFinder.Find(session.Layout.RealPath(path), next, Mark) : null;
        for (var i = 0; i < next.Count && !_isDone; i++)
        {
            var isLast = !showsAll || i == next.Count - 1;
            if (hits is not null)
            {
                PrintHits(hits[next[i]], pad, isLast);
            }
            else
            {
                var line = session.StoreDirectory.Absolute(next[i]);
                text.WriteLine(pad + (isLast ? ReferenceGraphs.LastConnection : ReferenceGraphs.Connection) + (_visited.Contains(next[i]) ? ansi.Faint(line) : line));
                _visited.Add(path);
            }

            Visit(next[i], pad + (isLast ? ReferenceGraphs.NoLine : ReferenceGraphs.Line));
        }
    }

    private void PrintHits(List<string> hits, string pad, bool isLast)
    {
        for (var i = 0; i < hits.Count && (i == 0 || showsAll); i++)
        {
            var branch = i == 0
                ? isLast ? ReferenceGraphs.LastConnection : ReferenceGraphs.Connection
                : isLast ? ReferenceGraphs.NoLine : ReferenceGraphs.Line;
            text.WriteLine(pad + branch + hits[i]);
        }
    }

    private string Mark(StorePath reference, string shown) => reference.Equals(to) ? ansi.Good(shown) : ansi.Place(shown);

    /// <summary>Finds the files of a tree that mention objects.</summary>
    private sealed class MentionFinder(IReadOnlyList<StorePath> wanted, Func<StorePath, string, string> mark) : INarVisitor
    {
        private readonly Dictionary<StorePath, List<string>> _hits = wanted.ToDictionary(w => w, _ => new List<string>());
        private readonly Stack<string> _open = new();
        private readonly MemoryStream _content = new();
        private string _name = "";

        public static Dictionary<StorePath, List<string>> Find(string root, IReadOnlyList<StorePath> wanted, Func<StorePath, string, string> mark)
        {
            var finder = new MentionFinder(wanted, mark);
            TreeDumper.Dump(root, finder);
            return finder._hits;
        }

        public void BeginFile(bool isExecutable, long size) => _content.SetLength(0);

        public void Write(ReadOnlySpan<byte> content) => _content.Write(content);

        public void EndFile()
        {
            var content = _content.GetBuffer().AsSpan(0, (int)_content.Length);
            foreach (var reference in wanted)
            {
                var at = content.IndexOf(Encoding.ASCII.GetBytes(reference.Digest));
                if (at >= 0)
                {
                    var end = Math.Min(content.Length, at + StorePath.DigestLength + Margin);
                    _hits[reference].Add($"{Here()}: …{Printable(content[Math.Max(0, at - Margin)..at])}{mark(reference, reference.Digest)}{Printable(content[(at + StorePath.DigestLength)..end])}…");
                }
            }
        }

        public void Symlink(ReadOnlySpan<byte> target)
        {
            var link = Encoding.UTF8.GetString(target);
            foreach (var reference in wanted)
            {
                var at = link.IndexOf(reference.Digest, StringComparison.Ordinal);
                if (at >= 0)
                {
                    _hits[reference].Add($"{Here()} -> {link[..at]}{mark(reference, reference.Digest)}{link[(at + StorePath.DigestLength)..]}");
                }
            }
        }

        public void BeginDirectory() => _open.Push(_name);

        public void Entry(ReadOnlySpan<byte> name) => _name = Encoding.UTF8.GetString(name);

        public void EndDirectory() => _open.Pop();

        private string Here()
        {
            var path = string.Join('/', _open.Reverse().Append(_name).Where(n => n.Length > 0));
            return path.Length == 0 ? "/" : path;
        }

        private static string Printable(ReadOnlySpan<byte> bytes)
        {
            var shown = new StringBuilder(bytes.Length);
            foreach (var b in bytes)
            {
                shown.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
            }

            return shown.ToString();
        }
    }
}
