using System.Runtime.InteropServices;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Syntax.Trees.AttributeSet;

namespace Firn.Evaluation;

/// <summary>Counts what an evaluation does, for statistics; who wants no counts compiles code that has nothing to do with them.</summary>
public sealed class EvaluationCounters
{
    // Builtins that make a new list or set; others give back one that is there.
    private static readonly HashSet<string> _makers = new(StringComparer.Ordinal)
    {
        "map", "filter", "genList", "concatLists", "concatMap", "attrValues", "attrNames", "sort", "partition", "tail", "split", "match", "catAttrs",
        "mapAttrs", "listToAttrs", "removeAttrs", "intersectAttrs", "zipAttrsWith", "groupBy", "functionArgs", "fromJSON", "fromTOML", "readDir",
        "genericClosure", "derivationStrict", "getContext", "splitVersion", "parseDrvName", "tryEval",
    };

    private readonly Dictionary<int, (long Count, string? Name)> _functions = [];
    private readonly Dictionary<string, long> _builtins = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _selections = [];

    /// <summary>Whether functions, builtins and selections are also counted one by one.</summary>
    public bool CountsEach { get; init; }

    public long Expressions { get; internal set; }

    public long Environments { get; private set; }

    public long EnvironmentElements { get; private set; }

    public long ListElements { get; private set; }

    public long ListConcatenations { get; private set; }

    public long Sets { get; private set; }

    public long SetElements { get; private set; }

    public long Updates { get; private set; }

    /// <summary>How many attributes the sets have that <c>//</c> made.</summary>
    public long UpdateElements { get; private set; }

    public long Thunks { get; internal set; }

    /// <summary>How often a value was there at once where a thunk could have been made.</summary>
    public long AvoidedThunks { get; internal set; }

    public long Lookups { get; private set; }

    public long BuiltinCalls { get; private set; }

    public long FunctionCalls { get; private set; }

    /// <summary>How often each builtin was called, by name.</summary>
    public IEnumerable<KeyValuePair<string, long>> Builtins => _builtins;

    /// <summary>How often each function was called.</summary>
    public IEnumerable<(int Position, string? Name, long Count)> Functions => _functions.Select(f => (f.Key, f.Value.Name, f.Value.Count));

    /// <summary>How often the attributes at each place were looked up.</summary>
    public IEnumerable<(int Position, long Count)> Selections => _selections.Select(s => (s.Key, s.Value));

    /// <summary>An expression is evaluated.</summary>
    internal void Evaluating(Expression expression)
    {
        switch (expression)
        {
            case Select { Path: var path }:
                Lookups += path.Length;
                if (CountsEach)
                {
                    foreach (var step in path)
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(_selections, step.Start, out _)++;
                    }
                }

                break;
            case LetIn let:
                Environment(let.Bindings.Items.Length + let.Bindings.InheritSources.Length);
                break;
            case With:
                Environment(1);
                break;
            case AttributeSet { IsRecursive: true } set:
                Environment(set.Bindings.Items.Length + set.Bindings.InheritSources.Length);
                break;
            case AttributeSet { Bindings.InheritSources: { IsEmpty: false } sources }:
                Environment(sources.Length);
                break;
        }
    }

    /// <summary>An expression has given a value.</summary>
    internal void Evaluated(Expression expression, Value value)
    {
        switch (expression)
        {
            case ListLiteral list:
                ListElements += list.Items.Length;
                break;
            case AttributeSet:
                Count(value);
                break;
            case Operation { Operator: Operator.Update }:
                Updates++;
                UpdateElements += value.AsSet?.Count ?? 0;
                Count(value);
                break;
            case Operation { Operator: Operator.Concatenate }:
                ListConcatenations++;
                Count(value);
                break;
        }
    }

    /// <summary>A function is called with so many arguments, which are no more than it takes.</summary>
    internal void Calling(Value function, int arguments)
    {
        var given = function.AsPartial?.Arguments.Length ?? 0;
        var inner = function.AsPartial is { } partial ? partial.Function : function;
        if (inner.AsClosure is { Code: var code })
        {
            // A function of two parameters is two functions to upstream.
            FunctionCalls += arguments;
            if (given + arguments >= code.Arity)
            {
                Environment(code.FrameSize - 1);
            }

            if (CountsEach && given == 0)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_functions, code.Position, out _);
                known = (known.Count + 1, code.Name?.ToString());
            }
        }
        else if (inner.AsBuiltin is { } builtin && given + arguments >= builtin.Arity)
        {
            BuiltinCalls++;
            if (CountsEach)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_builtins, builtin.Name, out _)++;
            }
        }
    }

    /// <summary>A function has given a value.</summary>
    internal void Called(Value function, Value value)
    {
        if ((function.AsBuiltin ?? function.AsPartial?.Function.AsBuiltin) is { } builtin && _makers.Contains(builtin.Name))
        {
            Count(value);
        }
    }

    private void Environment(int elements)
    {
        Environments++;
        EnvironmentElements += elements;
    }

    private void Count(Value value)
    {
        if (value.AsSet is { } set)
        {
            Sets++;
            SetElements += set.Count;
        }
        else if (value.AsList is { } list)
        {
            ListElements += list.Count;
        }
    }
}
