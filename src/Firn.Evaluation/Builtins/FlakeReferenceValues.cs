using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins that take references to flakes apart and put them together.</summary>
internal static class FlakeReferenceValues
{
    /// <summary>Returns the set that says the same as a reference written as a URL.</summary>
    [Builtin("parseFlakeRef")]
    public static Value Parse(Evaluator eval, Value reference)
    {
        var text = eval.ForceStringWithoutContext(reference, 0, "while evaluating the argument passed to builtins.parseFlakeRef").ToString();
        var attributes = eval.Host.Flakes.Parse(text);
        var result = new AttributeSetBuilder(attributes.Count);
        Add(eval, ref result, attributes);
        return result.Build();
    }

    /// <summary>Writes a reference that is given as a set.</summary>
    [Builtin("flakeRefToString")]
    public static Value Print(Evaluator eval, AttributeSet reference)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value, position) in reference.ByName(eval.Symbols))
        {
            attributes[name.ToString()] = eval.Force(value) switch
            {
                { AsInt: { } number } when number >= 0 => number,
                { AsInt: { } number } => throw eval.Error(
                    EvaluationErrors.BadArgument, position, $"negative value given for flake ref attr {name}: {number}"),
                { AsBool: { } truth } => truth,
                { AsString: { } text } => text.ToString(),
                var other => throw eval.Error(
                    EvaluationErrors.WrongType, position,
                    $"flake reference attribute sets may only contain integers, Booleans, and strings, but attribute '{name}' is {other.Description}"),
            };
        }

        return NixString.Of(eval.Host.Flakes.Print(attributes));
    }

    /// <summary>Adds strings, longs and booleans to a set.</summary>
    internal static void Add(Evaluator eval, ref AttributeSetBuilder set, IReadOnlyDictionary<string, object> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            set.Add(eval.Symbols.Intern(name), value switch
            {
                bool truth => NixBool.Of(truth),
                long number => NixInt.Of(number),
                _ => NixString.Of((string)value),
            });
        }
    }
}
