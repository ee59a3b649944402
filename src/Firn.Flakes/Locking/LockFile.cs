using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes.Files;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Flakes.Locking;

/// <summary>What a flake's inputs, and theirs, exactly are: <c>flake.lock</c>.</summary>
/// <param name="root">The flake.</param>
public sealed class LockFile(LockNode root)
{
    public LockFile()
        : this(new LockNode(null)) { }

    public LockNode Root { get; } = root;

    /// <summary>Returns the input at a path, following what follows; null when there is none.</summary>
    /// <exception cref="FlakeException">What follows goes round in a circle.</exception>
    public LockNode? Find(InputPath path) => Find(path, []);

    /// <summary>Lists all inputs, each where it is met first.</summary>
    public SortedDictionary<InputPath, LockEdge> ListInputs()
    {
        var done = new HashSet<LockNode>();
        var all = new SortedDictionary<InputPath, LockEdge>();
        void Visit(InputPath path, LockNode node)
        {
            if (!done.Add(node))
            {
                return;
            }

            foreach (var (name, edge) in node.Inputs)
            {
                var inner = path.Append(name);
                all.TryAdd(inner, edge);
                if (edge is LockEdge.Own own)
                {
                    Visit(inner, own.Node);
                }
            }
        }

        Visit(InputPath.Top, Root);
        return all;
    }

    /// <summary>Checks that whatever is followed is there.</summary>
    /// <exception cref="FlakeException">Something is not.</exception>
    /// <param name="placeOf">Where an input is declared, if that is known.</param>
    public void Check(Func<InputPath, SourceSpan?> placeOf)
    {
        foreach (var (path, edge) in ListInputs())
        {
            if (edge is LockEdge.Same { As: { Steps.Length: > 0 } target } && Find(target) is null)
            {
                throw new FlakeException(new Diagnostic(FlakeErrors.BadInput, $"input '{path}' follows a non-existent input '{target}'")
                {
                    Span = placeOf(path),
                    Hints = Suggestions.Hint(target.ToString(), ListInputs().Keys.Select(p => p.ToString()).Where(p => p != path.ToString())) is { } hint ? [hint] : [],
                });
            }
        }
    }

    /// <summary>Returns an input that is not locked, or null.</summary>
    public FlakeReference? FindUnlocked(InputForms forms, FetchSettings settings) => AllNodes()
        .Select(node => node.Locked?.Reference)
        .FirstOrDefault(reference => reference is { IsRelative: false } && !forms.IsLocked(reference.Input)
            && !(settings.AllowDirtyLocks && reference.Input.NarHash is not null));

    private HashSet<LockNode> AllNodes()
    {
        var nodes = new HashSet<LockNode>();
        void Visit(LockNode node)
        {
            if (nodes.Add(node))
            {
                foreach (var own in node.Inputs.Values.OfType<LockEdge.Own>())
                {
                    Visit(own.Node);
                }
            }
        }

        Visit(Root);
        return nodes;
    }

    private LockNode? Find(InputPath path, List<InputPath> visited)
    {
        var seen = visited.IndexOf(path);
        if (seen >= 0)
        {
            throw new FlakeException(FlakeErrors.BadInput, $"follow cycle detected: [{string.Join(" -> ", visited.Skip(seen).Append(path))}]");
        }

        visited.Add(path);
        var node = Root;
        foreach (var step in path.Steps)
        {
            node = node?.Inputs.GetValueOrDefault(step) switch
            {
                LockEdge.Own own => own.Node,
                LockEdge.Same same => Find(same.As, visited),
                _ => null,
            };
        }

        return node;
    }
}
