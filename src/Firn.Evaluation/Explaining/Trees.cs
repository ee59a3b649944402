using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Explaining;

/// <summary>The sources parsed again while one failure is explained, and which of them are a library's.</summary>
internal sealed class Trees(Evaluator eval)
{
    private readonly Dictionary<SourceText, SourceTree?> _trees = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string?> _roots = new(StringComparer.Ordinal);
    private string? _home;

    /// <summary>Returns the tree of the source that <paramref name="position"/> is in.</summary>
    public SourceTree? For(int position) => position > 0 && eval.Sources.Find(position) is { } source ? For(source) : null;

    public SourceTree? For(SourceText source)
    {
        if (!_trees.TryGetValue(source, out var tree))
        {
            tree = _trees[source] = SourceTree.Parse(eval, source);
        }

        return tree;
    }

    /// <summary>The trees of the user's own sources.</summary>
    public IEnumerable<SourceTree> Own() =>
        eval.Sources.All().Where(s => LibraryOf(s) is null && s.Bytes.Length < 1_000_000).Select(For).OfType<SourceTree>();

    public bool IsOwn(int position) => eval.Sources.Find(position) is { } source && LibraryOf(source) is null;

    /// <summary>Names the library that a source belongs to; null for the user's own.</summary>
    public string? LibraryOf(SourceText source) => source.Origin is SourceOrigin.File file ? LibraryOf(file.Path) : null;

    private string? LibraryOf(string file)
    {
        if (file.StartsWith(CoreFiles.Directory, StringComparison.Ordinal))
        {
            return "nix";
        }

        _home ??= eval.Sources.All().Select(s => s.Origin)
            .FirstOrDefault(o => o is not SourceOrigin.File core || !core.Path.StartsWith(CoreFiles.Directory, StringComparison.Ordinal)) is SourceOrigin.File first
                ? Root(PathText.Parent(first.Path)) ?? ""
                : "";
        if (Root(PathText.Parent(file)) is not { } root)
        {
            return null;
        }

        // Who works on the library sees its packages and modules as her own, but not its functions.
        var inside = file[(root.Length + 1)..];
        var isFunction = inside.StartsWith("lib/", StringComparison.Ordinal) || inside.StartsWith("nixos/lib/", StringComparison.Ordinal)
            || inside.StartsWith("pkgs/stdenv/", StringComparison.Ordinal) || inside.StartsWith("pkgs/build-support/", StringComparison.Ordinal);
        return root == _home && !isFunction ? null : inside.StartsWith("lib/", StringComparison.Ordinal) ? "nixpkgs/lib" : "nixpkgs";
    }

    // A tree with the module system in it is Nixpkgs, or its lib alone.
    private string? Root(string folder)
    {
        if (_roots.TryGetValue(folder, out var known))
        {
            return known;
        }

        var root = folder != "/" && eval.Host.Files.FindKind(eval.Host.Store.RealPath(folder + "/lib/modules.nix")) is not null
            && eval.Host.Files.FindKind(eval.Host.Store.RealPath(folder + "/lib/fixed-points.nix")) is not null
            ? folder
            : folder == "/" ? null : Root(PathText.Parent(folder));
        return _roots[folder] = root;
    }
}
