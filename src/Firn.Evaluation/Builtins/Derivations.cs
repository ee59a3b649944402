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
    public static Value OutputOf(Evaluator eval, Value derivation, NixString output)
    {
        var text = eval.CoerceToString(derivation, 0, "while evaluating the first argument to builtins.outputOf", Coercion.CopyToStore);
        if (text.Context is not { Elements: [var element] })
        {
            throw eval.Error(
                EvaluationErrors.BadArgument, 0,
                $"string '{text}' has {text.Context?.Elements.Length ?? 0} entries in its context. It should only have exactly one entry");
        }

        return eval.OutputString(element switch
        {
            ContextElement.Output through => new ContextElement.Output(
                through.Derivation, output.ToString(), [.. through.Through.IsDefault ? [] : through.Through, through.Name]),
            _ => new ContextElement.Output(element.Path, output.ToString()),
        }, null);
    }
}
