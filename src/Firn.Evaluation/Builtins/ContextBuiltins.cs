using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins over what strings depend on.</summary>
internal static class ContextBuiltins
{
    [Builtin("hasContext")]
    public static bool HasContext(NixString text) => text.Context is not null;

    /// <summary>Returns the string without what it depends on.</summary>
    [Builtin("unsafeDiscardStringContext")]
    public static Value Discard(Evaluator eval, Value value)
    {
        var text = eval.CoerceToString(
            value, 0, "while evaluating the argument passed to builtins.unsafeDiscardStringContext", Coercion.CopyToStore);
        return text.Context is null ? text : new NixString(text.Bytes);
    }

    /// <summary>Turns a dependency on a derivation and all it makes into one on the derivation's file.</summary>
    [Builtin("unsafeDiscardOutputDependency")]
    public static Value DiscardOutputDependency(Evaluator eval, Value value)
    {
        var text = eval.CoerceToString(
            value, 0, "while evaluating the argument passed to builtins.unsafeDiscardOutputDependency", Coercion.CopyToStore);
        return text.Context is null ? text : new NixString(text.Bytes, StringContext.Of(text.Context.Elements.Select(
            e => e is ContextElement.DerivationClosure closure ? new ContextElement.Opaque(closure.Derivation) : e)));
    }

    /// <summary>Turns a dependency on a derivation's file into one on the derivation and all it makes.</summary>
    [Builtin("addDrvOutputDependencies")]
    public static Value AddDrvOutputDependencies(Evaluator eval, Value value)
    {
        var text = eval.CoerceToString(
            value, 0, "while evaluating the argument passed to builtins.addDrvOutputDependencies", Coercion.CopyToStore);
        var count = text.Context?.Elements.Length ?? 0;
        if (count != 1)
        {
            throw eval.Error(
                EvaluationErrors.BadArgument, 0,
                $"context of string '{text}' must have exactly one element, but has {count}");
        }

        var element = text.Context!.Elements[0] switch
        {
            ContextElement.DerivationClosure closure => closure,
            ContextElement.Opaque { Object.IsDerivation: true } opaque => new ContextElement.DerivationClosure(opaque.Object),
            ContextElement.Opaque opaque => throw eval.Error(
                EvaluationErrors.BadArgument, 0, $"path '{eval.Host.Store.Directory.Absolute(opaque.Object)}' is not a derivation"),
            var output => throw eval.Error(
                EvaluationErrors.BadArgument, 0,
                $"`addDrvOutputDependencies` can only act on derivations, not on a derivation output such as '{((ContextElement.Output)output).Name}'"),
        };
        return new NixString(text.Bytes, StringContext.Of(element));
    }

    /// <summary>Returns what a string depends on, by store path.</summary>
    [Builtin("getContext")]
    public static Value GetContext(Evaluator eval, NixString text)
    {
        var result = new AttributeSetBuilder(4);
        foreach (var group in (text.Context?.Elements ?? []).GroupBy(e => e.Path))
        {
            var entry = new AttributeSetBuilder(3);
            if (group.Any(e => e is ContextElement.Opaque))
            {
                entry.Add(eval.Names.Path, NixBool.True);
            }

            if (group.Any(e => e is ContextElement.DerivationClosure))
            {
                entry.Add(eval.Symbols.Intern("allOutputs"), NixBool.True);
            }

            var outputs = group.OfType<ContextElement.Output>().Select(o => (Value)NixString.Of(o.Chain)).ToList();
            if (outputs.Count > 0)
            {
                entry.Add(eval.Names.Outputs, NixList.Of(outputs));
            }

            result.Add(eval.Symbols.Intern(eval.Host.Store.Directory.Absolute(group.Key)), entry.Build());
        }

        return result.Build();
    }

    /// <summary>Adds dependencies to a string, given as <c>getContext</c> returns them.</summary>
    [Builtin("appendContext")]
    public static Value AppendContext(Evaluator eval, NixString text, AttributeSet context)
    {
        var elements = ImmutableArray.CreateBuilder<ContextElement>();
        elements.AddRange(text.Context?.Elements ?? []);
        foreach (var (name, value, position) in context.ByName(eval.Symbols))
        {
            var directory = eval.Host.Store.Directory;
            if (!directory.TryParse(name.ToString(), out var path))
            {
                throw eval.Error(EvaluationErrors.BadArgument, position, $"context key '{name}' is not a store path");
            }

            var entry = eval.ForceSet(value, position, "while evaluating the value of a string context");
            if (Flag(eval, entry, eval.Names.Path, position))
            {
                elements.Add(new ContextElement.Opaque(path));
            }

            if (Flag(eval, entry, eval.Symbols.Intern("allOutputs"), position))
            {
                RequireDerivation(eval, path, name, position);
                elements.Add(new ContextElement.DerivationClosure(path));
            }

            if (entry.Find(eval.Names.Outputs) is { } outputs)
            {
                var list = eval.ForceList(outputs, position, "while evaluating the `outputs` attribute of a string context");
                if (list.Count > 0)
                {
                    RequireDerivation(eval, path, name, position);
                }

                for (var i = 0; i < list.Count; i++)
                {
                    var chain = eval.ForceStringWithoutContext(
                        eval.Force(list.Items[i]), position, "while evaluating an output name within a string context").ToString().Split('!');
                    elements.Add(new ContextElement.Output(path, chain[^1], [.. chain[..^1]]));
                }
            }
        }

        return new NixString(text.Bytes, StringContext.Of(elements));
    }

    private static bool Flag(Evaluator eval, AttributeSet entry, Syntax.Text.Symbol name, int position) =>
        entry.Find(name) is { } flag && eval.ForceBool(flag, position, $"while evaluating the `{name}` attribute of a string context");

    private static void RequireDerivation(Evaluator eval, Model.StorePaths.StorePath path, Syntax.Text.Symbol name, int position)
    {
        if (!path.IsDerivation)
        {
            throw eval.Error(
                EvaluationErrors.BadArgument, position, $"tried to add derivation output context of {name}, which is not a derivation, to a string");
        }
    }
}
