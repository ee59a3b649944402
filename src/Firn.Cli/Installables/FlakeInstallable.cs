using System.Text;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Flakes;
using Firn.Model.Derivations;
using Firn.Model.Text;
using Firn.Sessions;

namespace Firn.Cli.Installables;

/// <summary>What stands at the first of several attribute paths of a flake that there is.</summary>
internal sealed class FlakeInstallable(FlakeSource source, string what, IReadOnlyList<string> paths, OutputsSpec? outputs) : ValueInstallable
{
    private IReadOnlyList<DerivedPath>? _derived;

    public override string What => what;

    public FlakeSource Source => source;

    /// <summary>Which outputs were asked for; null for those that are meant where nothing is said.</summary>
    public OutputsSpec? Outputs => outputs;

    public override EvaluationSession Evaluation => source.Evaluation;

    public override T Evaluate<T>(Func<Evaluator, Value, T> use) => source.Run((eval, flake) => use(eval, Find(eval, flake).Value));

    /// <summary>As <see cref="Evaluate"/>, with the path of what was found.</summary>
    public T EvaluateAt<T>(Func<Evaluator, Value, string, T> use) => source.Run((eval, flake) =>
    {
        var (value, path) = Find(eval, flake);
        return use(eval, value, path);
    });

    public override void Answer(Action<byte[]> take, Action<Evaluator, Value, Action<byte[]>> use) =>
        source.Answer(["value", .. paths], take, (eval, flake, give) => use(eval, Find(eval, flake).Value, give));

    public override IReadOnlyList<DerivedPath> DerivedPaths()
    {
        if (_derived is null)
        {
            var derived = new List<DerivedPath>();
            source.Answer(
                ["outputs", .. paths, $"{outputs}"],
                part => derived.Add(DerivedPath.Parse(Encoding.UTF8.GetString(part), source.StoreDirectory)),
                (eval, flake, give) => give(Encoding.UTF8.GetBytes(FindPath(eval, flake).ToString(source.StoreDirectory))));
            _derived = derived;
        }

        return _derived;
    }

    /// <summary>Returns the first value that is there, and its path.</summary>
    /// <exception cref="FlakeException">None is.</exception>
    private (Value Value, string Path) Find(Evaluator eval, AttributeSet flake) => Find(eval, flake, paths, source.Name);

    /// <summary>Returns the first value that is there, and its path.</summary>
    /// <exception cref="FlakeException">None is.</exception>
    public static (Value Value, string Path) Find(Evaluator eval, AttributeSet flake, IReadOnlyList<string> paths, string name)
    {
        var near = new List<string>();
        foreach (var path in paths.DefaultIfEmpty(""))
        {
            if (TryFind(eval, flake, path, near) is { } value)
            {
                return (eval.Force(value), path);
            }
        }

        throw new FlakeException(
            FlakeErrors.NoSuchOutput, $"flake '{name}' does not provide attribute {List(paths)}",
            near.Count == 0 ? $"'nix flake show {name}' lists what it provides." : Hint(near.Distinct().Order(Utf8Order.Comparer).Take(Suggestions.Limit).ToList()));
    }

    /// <summary>Lists the values at all paths that there are.</summary>
    /// <exception cref="FlakeException">None is.</exception>
    public IEnumerable<(Value Value, string Path)> FindAll(Evaluator eval, AttributeSet flake)
    {
        List<(Value Value, string Path)> all = [.. paths.Select(p => (Value: TryFind(eval, flake, p, []), Path: p)).Where(f => f.Value is not null).Select(f => (f.Value!.Value, f.Path))];
        return all.Count > 0 ? all : [Find(eval, flake)];
    }

    private static Value? TryFind(Evaluator eval, AttributeSet flake, string path, List<string> near)
    {
        Value value = flake;
        foreach (var name in SelectionPath.Parse(path, eval))
        {
            if (eval.Force(value).AsSet is not { } set)
            {
                return null;
            }

            if (set.Find(eval.Symbols.Intern(name)) is not { } inner)
            {
                near.AddRange(Suggestions.Nearest(name, set.ByName(eval.Symbols).Select(a => a.Name.ToString())));
                return null;
            }

            value = inner;
        }

        return value;
    }

    private DerivedPath FindPath(Evaluator eval, AttributeSet flake)
    {
        var (value, path) = Find(eval, flake);
        if (PathOf(eval, value) is { } plain)
        {
            return plain;
        }

        if (value.AsSet is not { } set || !eval.IsDerivation(set))
        {
            throw new FlakeException(
                FlakeErrors.BadOutput, $"expected flake output attribute '{path}' to be a derivation or path but found {value.Description}");
        }

        var found = new FoundDerivation(path, set);
        return DerivedPath.Of(found.DerivationPath(eval), outputs ?? OutputsSpec.Of(OutputsToInstall.OfFlake(eval, found)));
    }

    private static string Hint(List<string> near) => near switch
    {
        [var only] => $"Did you mean {only}?",
        _ => $"Did you mean one of {string.Join(", ", near.SkipLast(1))} or {near[^1]}?",
    };

    private static string List(IReadOnlyList<string> paths) => string.Join(", ", paths.SkipLast(1).Select(p => $"'{p}'"))
        + (paths.Count > 1 ? " or " : "") + $"'{paths[^1]}'";
}
