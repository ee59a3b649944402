using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Model.Derivations;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins that make derivations.</summary>
internal static class Derivations
{
    /// <summary>Makes a derivation of a set of attributes and returns its path and those of its outputs.</summary>
    [Builtin("derivationStrict", Global = true)]
    public static Value DerivationStrict(Evaluator eval, AttributeSet attributes)
    {
        var name = eval.ForceStringWithoutContext(
            eval.GetAttribute(attributes, "name", "in the attrset passed as argument to builtins.derivationStrict"), 0,
            "while evaluating the `name` attribute passed to builtins.derivationStrict").ToString();
        using var frame = eval.Describing(() => $"while evaluating derivation '{name}'");
        return new DerivationRecipe(eval, name, attributes).Build();
    }

    /// <summary>Returns what stands for the path of an output until it is known.</summary>
    [Builtin("placeholder", Global = true)]
    public static Value PlaceholderOf(NixString output) => NixString.Of(Placeholder.OfOutput(output.ToString()).ToString());

    /// <summary>Returns the output of a derivation that may itself be an output.</summary>
    [Builtin("outputOf", Feature = "dynamic-derivations")]
    public static Value OutputOf(Evaluator eval, NixString derivation, Value output)
    {
        var name = eval.ForceStringWithoutContext(output, 0, "while evaluating the second argument to builtins.outputOf").ToString();
        if (derivation.Context is not { Elements: [var element] })
        {
            throw eval.Error(
                EvaluationErrors.BadArgument, 0,
                $"string '{derivation}' has {derivation.Context?.Elements.Length ?? 0} entries in its context. It should only have exactly one entry");
        }

        var expected = element switch
        {
            ContextElement.Opaque => eval.Host.Store.Directory.Absolute(element.Path),
            ContextElement.Output made => OutputString(eval, made).ToString(),
            _ => throw eval.Error(
                EvaluationErrors.BadArgument, 0,
                $"string '{derivation}' has a context which refers to a complete source and binary closure. This is not supported at this time"),
        };
        if (derivation.ToString() != expected)
        {
            throw eval.Error(EvaluationErrors.BadArgument, 0, element is ContextElement.Output wrong
                ? $"string '{derivation}' has context with the output '{wrong.Name}' from derivation '{eval.Host.Store.Directory.Absolute(element.Path)}', "
                    + $"but the string is not the right placeholder for this derivation output. It should be '{expected}'"
                : $"path string '{derivation}' has context with the different path '{expected}'");
        }

        return OutputString(eval, element is ContextElement.Output through
            ? new ContextElement.Output(through.Derivation, name, [.. through.Through.IsDefault ? [] : through.Through, through.Name])
            : new ContextElement.Output(element.Path, name));
    }

    // The output of a derivation that is there has its path already, unless that follows from its content.
    private static NixString OutputString(Evaluator eval, ContextElement.Output output)
    {
        if (!output.Through.IsDefaultOrEmpty)
        {
            return eval.OutputString(output, null);
        }

        var store = eval.Host.Store;
        var read = store.ReadDerivation(output.Derivation);
        var made = read.FindOutput(output.Name) ?? throw eval.Error(
            EvaluationErrors.BadArgument, 0, $"derivation '{store.Directory.Absolute(output.Derivation)}' does not have output '{output.Name}'");
        return eval.OutputString(output, made.FindPath(store.Directory, read.Name, output.Name));
    }
}
