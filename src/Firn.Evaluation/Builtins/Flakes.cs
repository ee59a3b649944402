using Firn.Evaluation.Forcing;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>Calls flakes: each gets its inputs, and itself as its outputs with what is known about it.</summary>
public static class Flakes
{
    /// <summary>Returns the outputs of a flake, and what is known about it.</summary>
    [Builtin("getFlake")]
    internal static Value GetFlake(Evaluator eval, Value reference) => Call(
        eval, eval.Host.Flakes.Lock(eval.ForceStringWithoutContext(reference, 0, "while evaluating the argument passed to builtins.getFlake").ToString()));

    /// <summary>Returns the set that stands for a flake.</summary>
    public static Value Call(Evaluator eval, FlakeGraph graph) => eval.Force(new FlakeCalls(eval, graph).Result(0));
}

/// <summary>The values of the flakes in one graph; each is computed when it is first needed.</summary>
internal sealed class FlakeCalls
{
    private readonly Evaluator _eval;
    private readonly FlakeGraph _graph;
    private readonly Value?[] _sources;
    private readonly Value?[] _places;
    private readonly Value?[] _results;

    public FlakeCalls(Evaluator eval, FlakeGraph graph)
    {
        (_eval, _graph) = (eval, graph);
        var count = graph.Nodes.Count;
        (_sources, _places, _results) = (new Value?[count], new Value?[count], new Value?[count]);
        foreach (var here in graph.Nodes.Select(n => n.Source).OfType<FlakeTree.Here>())
        {
            eval.AllowAccess(eval.Host.Store.Directory.Absolute(here.Tree.Path));
        }
    }

    /// <summary>Returns what others get of a flake.</summary>
    public Value Result(int node) => _results[node] ??= DelayedCode.Thunk(eval => _graph.Nodes[node].IsFlake ? CallFlake(node) : Describe(node));

    private Value Source(int node) => _sources[node] ??= _graph.Nodes[node].Source switch
    {
        FlakeTree.SameAs same => Source(same.Node),
        FlakeTree.Here here => DelayedCode.Thunk(eval => Fetching.AsValue(eval, here.Tree)),
        FlakeTree.ToFetch wanted => DelayedCode.Thunk(eval => Fetching.AsValue(eval, eval.Host.Fetcher.FetchTree(wanted.Attributes, eval.CheckUri))),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The folder of the flake, as a string that keeps its tree.</summary>
    private Value Place(int node) => _places[node] ??= DelayedCode.Thunk(eval =>
    {
        var (source, directory, _, _) = _graph.Nodes[node];
        var start = source is FlakeTree.SameAs same ? Place(same.Node) : Tree(node).Find(eval.Names.OutPath)!.Value;
        var text = eval.Force(start).AsString!.Value;
        return directory.Length == 0 ? text : NixString.Of($"{text}/{directory}", text.Context);
    });

    private AttributeSet Tree(int node) => _eval.ForceSet(Source(node), 0, "while evaluating the source of a flake");

    private Value CallFlake(int node)
    {
        var eval = _eval;
        var folder = eval.Force(Place(node)).AsString!.Value.ToString();
        var flake = eval.ForceSet(eval.Files.EvaluateFile(folder + "/flake.nix"), 0, "while evaluating a flake");
        var outputs = eval.Symbols.Intern("outputs");
        var function = eval.Force(flake.Find(outputs) ?? throw eval.Error(EvaluationErrors.MissingAttribute, 0, $"flake '{folder}' lacks attribute 'outputs'"));
        if (function.Kind is not (Kind.Closure or Kind.Builtin or Kind.Partial))
        {
            throw eval.Error(EvaluationErrors.WrongType, flake.FindPosition(outputs), $"the outputs of flake '{folder}' are {function.Description} while a function was expected");
        }

        var inputs = new AttributeSetBuilder(_graph.Nodes[node].Inputs.Count + 1);
        foreach (var (name, input) in _graph.Nodes[node].Inputs)
        {
            inputs.Add(eval.Symbols.Intern(name), Result(input));
        }

        var given = inputs.Build();
        var self = new AttributeSetBuilder(1);
        self.Add(eval.Symbols.Intern("self"), Result(node));
        var made = eval.ForceSet(eval.Call(function, given.Update(self.Build(), eval.Shapes)), 0, "while evaluating the outputs of a flake");
        var known = new AttributeSetBuilder(5);
        known.Add(eval.Symbols.Intern("_type"), NixString.Of("flake"));
        known.Add(eval.Symbols.Intern("inputs"), given);
        known.Add(eval.Names.OutPath, Place(node));
        known.Add(outputs, made);
        known.Add(eval.Symbols.Intern("sourceInfo"), Source(node));
        return made.Update(Tree(node), eval.Shapes).Update(known.Build(), eval.Shapes);
    }

    private Value Describe(int node)
    {
        var known = new AttributeSetBuilder(2);
        known.Add(_eval.Names.OutPath, Place(node));
        known.Add(_eval.Symbols.Intern("sourceInfo"), Source(node));
        return Tree(node).Update(known.Build(), _eval.Shapes);
    }
}
