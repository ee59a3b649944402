using Firn.Cli.Evaluating;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Installables;

/// <summary>An expression that several installables are parts of; evaluated once.</summary>
internal sealed class ExpressionSource(EvaluationSession session, EvaluationArguments arguments, Func<Evaluator, Value> load)
{
    private Value? _root;
    private AttributeSet? _arguments;

    /// <summary>Runs something with the root value and the arguments for functions.</summary>
    public T Run<T>(Func<Evaluator, Value, AttributeSet, T> use) =>
        session.Run(eval => use(eval, _root ??= load(eval), _arguments ??= arguments.Build(eval)));
}

/// <summary>What stands at an attribute path of an expression.</summary>
internal sealed class ExpressionInstallable : Installable
{
    private readonly ExpressionSource _source;
    private readonly string _path;
    private readonly OutputsSpec? _outputs;
    private IReadOnlyList<DerivedPath>? _derived;

    public ExpressionInstallable(ExpressionSource source, string text)
    {
        var mark = text.LastIndexOf('^');
        (_source, What) = (source, text);
        _path = mark < 0 ? text : text[..mark];
        _path = _path == "." ? "" : _path;
        _outputs = mark < 0 ? null : OutputsSpec.Parse(text[(mark + 1)..]);
    }

    public override string What { get; }

    /// <summary>Evaluates what stands there and hands it on; a function is called only to get at something in it.</summary>
    public T Evaluate<T>(Func<Evaluator, Value, T> use) => _source.Run((eval, root, arguments) =>
    {
        var (value, _) = SelectionPath.Find(eval, _path, arguments, root);
        return use(eval, eval.Force(value));
    });

    public override IReadOnlyList<DerivedPath> DerivedPaths() => _derived ??= _source.Run<IReadOnlyList<DerivedPath>>((eval, root, arguments) =>
    {
        var (value, _) = SelectionPath.Find(eval, _path, arguments, root);
        value = AutomaticCall.Apply(eval, arguments, value);
        if (StoreObject(eval, value) is { } path)
        {
            return [new DerivedPath.Opaque(path)];
        }

        var wanted = new Dictionary<StorePath, OutputsSpec>();
        var order = new List<StorePath>();
        foreach (var found in DerivationFinder.Find(eval, value, arguments, ignoresAssertions: false))
        {
            var derivation = found.DerivationPath(eval);
            var outputs = _outputs ?? OutputsSpec.Of(OutputsToInstall.Of(eval, found));
            if (wanted.TryGetValue(derivation, out var others))
            {
                wanted[derivation] = others.Union(outputs);
            }
            else
            {
                wanted[derivation] = outputs;
                order.Add(derivation);
            }
        }

        return [.. order.Select(d => DerivedPath.Of(d, wanted[d]))];
    });

    // A path or a string that names an object stands for the object.
    private static StorePath? StoreObject(Evaluator eval, Value value) => value switch
    {
        NixString text when eval.Host.Store.Directory.TrySplit(text.ToString(), out var path, out _) => path,
        NixPath file when eval.Host.Store.Directory.TrySplit(file.Path, out var path, out _) => path,
        _ => null,
    };
}
