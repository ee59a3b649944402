using Firn.Evaluation.Values;

namespace Firn.Evaluation.Selecting;

/// <summary>Tells which outputs of a derivation are meant when none are named.</summary>
public static class OutputsToInstall
{
    /// <summary>The output that was selected, else those that <c>meta.outputsToInstall</c> names, else all.</summary>
    public static IReadOnlyList<string> Of(Evaluator eval, FoundDerivation found)
    {
        var set = found.Attributes;
        Value? Find(AttributeSet from, string name) => from.Find(eval.Symbols.Intern(name)) is { } value ? eval.Force(value) : null;

        var outputName = found.OutputName(eval);
        if (Find(set, "outputSpecified").AsBool is true && outputName.Length > 0)
        {
            return [outputName];
        }

        if (Find(set, "meta").AsSet is { } meta && Find(meta, "outputsToInstall").AsList is { } chosen)
        {
            return Texts(eval, chosen);
        }

        return Find(set, "outputs").AsList is { } all ? Texts(eval, all) : ["out"];
    }

    /// <summary>As <see cref="Of"/>, for what a flake offers: <c>out</c> where nothing is said, not all there are.</summary>
    public static IReadOnlyList<string> OfFlake(Evaluator eval, FoundDerivation found)
    {
        Value? Find(AttributeSet from, string name) => from.Find(eval.Symbols.Intern(name)) is { } value ? eval.Force(value) : null;
        if (Find(found.Attributes, "outputSpecified") is { } specified)
        {
            return specified.AsBool is true && found.OutputName(eval) is { Length: > 0 } name ? [name] : [Model.StorePaths.OutputName.Default];
        }

        return Find(found.Attributes, "meta").AsSet is { } meta && Find(meta, "outputsToInstall").AsList is { Count: > 0 } chosen
            ? Texts(eval, chosen)
            : [Model.StorePaths.OutputName.Default];
    }

    private static List<string> Texts(Evaluator eval, NixList list) =>
        [.. list.Items.ToArray().Select(item => eval.ForceStringWithoutContext(item, 0, "while evaluating the outputs to install of a derivation").ToString())];
}
