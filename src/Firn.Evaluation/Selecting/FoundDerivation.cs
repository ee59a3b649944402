using Firn.Evaluation.Values;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Selecting;

/// <summary>A derivation that was found in a value.</summary>
/// <param name="AttributePath">Where it was found, such as <c>pythonPackages.numpy</c>; empty for the value itself.</param>
/// <param name="Attributes">The set that <c>derivation</c> returned.</param>
public sealed record FoundDerivation(string AttributePath, AttributeSet Attributes)
{
    /// <summary>Returns the path of the derivation's file.</summary>
    /// <exception cref="EvaluationException">The set has none, or one that is no store path.</exception>
    public StorePath DerivationPath(Evaluator eval)
    {
        if (Attributes.Find(eval.Names.DrvPath) is not { } value)
        {
            throw eval.Error(EvaluationErrors.MissingAttribute, 0, "derivation does not contain a 'drvPath' attribute");
        }

        var text = eval.CoerceToString(value, 0, "while evaluating the 'drvPath' attribute of a derivation", Coercion.None).ToString();
        return !eval.Host.Store.Directory.TryParse(text, out var path) ? throw eval.Error(EvaluationErrors.BadArgument, 0, $"path '{text}' is not a derivation")
            : path.IsDerivation ? path
            : throw eval.Error(EvaluationErrors.BadArgument, 0, $"store path '{path}' is not a valid derivation path", "The attribute 'drvPath' must name a file that ends in '.drv'.");
    }

    /// <summary>Returns which output the set stands for; empty when it does not say.</summary>
    public string OutputName(Evaluator eval) => FindText(eval, "outputName") ?? "";

    /// <summary>Returns the name, such as <c>hello-2.12</c>.</summary>
    public string Name(Evaluator eval) => FindText(eval, "name")
        ?? throw eval.Error(EvaluationErrors.MissingAttribute, 0, "derivation name missing");

    /// <summary>Returns what the derivation is for, such as <c>x86_64-linux</c>.</summary>
    public string System(Evaluator eval) => FindText(eval, "system") ?? "unknown";

    private string? FindText(Evaluator eval, string attribute) => Attributes.Find(eval.Symbols.Intern(attribute)) is { } value
        ? eval.ForceStringWithoutContext(value, 0, $"while evaluating the '{attribute}' attribute of a derivation").ToString()
        : null;
}
