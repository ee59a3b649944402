using System.Text;
using Firn.Cli.Evaluating;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Installables;

/// <summary>An expression that several installables are parts of; evaluated once.</summary>
/// <param name="session">Evaluates.</param>
/// <param name="arguments">What functions get.</param>
/// <param name="isOnLine">Whether the line says all, so that the same line means the same.</param>
/// <param name="load">Evaluates the root.</param>
internal sealed class ExpressionSource(EvaluationSession session, EvaluationArguments arguments, bool isOnLine, Func<Evaluator, Value> load)
{
    private Value? _root;
    private AttributeSet? _arguments;

    public EvaluationSession Session => session;

    public StoreDirectory StoreDirectory => session.StoreDirectory;

    /// <summary>Runs something with the root value and the arguments for functions.</summary>
    public T Run<T>(Func<Evaluator, Value, AttributeSet, T> use) =>
        session.Run(eval => use(eval, _root ??= load(eval), _arguments ??= arguments.Build(eval)));

    /// <summary>Answers a question about them, which may have been answered before.</summary>
    /// <param name="question">What is asked, beyond what stands on the line.</param>
    /// <param name="take">Takes the parts of the answer.</param>
    /// <param name="use">Finds the answer and gives its parts.</param>
    public void Answer(IEnumerable<string> question, Action<byte[]> take, Action<Evaluator, Value, AttributeSet, Action<byte[]>> use) => session.Answer(
        isOnLine && arguments.AreOnLine ? question : null, take, (eval, give) => use(eval, _root ??= load(eval), _arguments ??= arguments.Build(eval), give));
}

/// <summary>What stands at an attribute path of an expression.</summary>
internal sealed class ExpressionInstallable : ValueInstallable
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

    public override EvaluationSession Evaluation => _source.Session;

    public override T Evaluate<T>(Func<Evaluator, Value, T> use) => _source.Run((eval, root, arguments) =>
        use(eval, eval.Force(SelectionPath.Find(eval, _path, arguments, root).Value)));

    public override void Answer(Action<byte[]> take, Action<Evaluator, Value, Action<byte[]>> use) => _source.Answer(["value", _path], take, (eval, root, arguments, give) =>
        use(eval, eval.Force(SelectionPath.Find(eval, _path, arguments, root).Value), give));

    public override IReadOnlyList<DerivedPath> DerivedPaths()
    {
        if (_derived is null)
        {
            var derived = new List<DerivedPath>();
            _source.Answer(
                ["outputs", _path, $"{_outputs}"],
                part => derived.Add(Parse(Encoding.UTF8.GetString(part))),
                (eval, root, arguments, give) =>
                {
                    foreach (var path in FindPaths(eval, root, arguments))
                    {
                        give(Encoding.UTF8.GetBytes(path.ToString(_source.StoreDirectory)));
                    }
                });
            _derived = derived;
        }

        return _derived;
    }

    // A package may say that none of its outputs is to be installed, which cannot be written on a line.
    private DerivedPath Parse(string text) => text.EndsWith('^')
        ? DerivedPath.Of(_source.StoreDirectory.Parse(text[..^1]), OutputsSpec.Of())
        : DerivedPath.Parse(text, _source.StoreDirectory);

    private IEnumerable<DerivedPath> FindPaths(Evaluator eval, Value root, AttributeSet arguments)
    {
        var (value, _) = SelectionPath.Find(eval, _path, arguments, root);
        value = AutomaticCall.Apply(eval, arguments, value);
        if (PathOf(eval, value) is { } path)
        {
            return [path];
        }

        var wanted = new Dictionary<StorePath, OutputsSpec>();
        var order = new List<StorePath>();
        foreach (var found in DerivationFinder.Find(eval, value, arguments, ignoresAssertions: false))
        {
            var derivation = found.DerivationPath(eval);
            var outputs = _outputs ?? OutputsSpec.Of(OutputsToInstall.Of(eval, found) is { Count: > 0 } names ? names : [OutputName.Default]);
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

        return order.Select(d => DerivedPath.Of(d, wanted[d]));
    }
}
