using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Prompting;

/// <summary>What a prompt asks about values.</summary>
public static class PromptValues
{
    /// <summary>Lists the names of a set's attributes in the order of their bytes.</summary>
    public static IReadOnlyList<string> Names(Evaluator eval, AttributeSet set) => [.. set.ByName(eval.Symbols).Select(a => a.Name.ToString())];

    /// <summary>Says what kind of value it is, as <c>:t</c> shows it.</summary>
    public static string TypeText(Value value) => value switch
    {
        { AsString.Context: not null } => "a string with context",
        { AsBuiltin: { } builtin } => $"the built-in function '{builtin.Name}'",
        { AsPartial.Function.AsBuiltin: { } builtin } => $"the partially applied built-in function '{builtin.Name}'",
        _ => value.Description,
    };

    /// <summary>Returns the set that a value must be for its attributes to become variables.</summary>
    public static AttributeSet ForceVariables(Evaluator eval, Value value) =>
        eval.ForceSet(value, 0, "while evaluating an attribute set to be merged in the global scope");

    /// <summary>Returns the text of a string, null for other values.</summary>
    public static byte[]? TextOf(Value value) => value.AsString?.Bytes.ToArray();

    /// <summary>Returns a forced value as a set, null for other values.</summary>
    public static AttributeSet? FindSet(Value value) => value.AsSet;

    /// <summary>Returns how many attributes or items a value has; 0 for values that have none.</summary>
    public static int CountOf(Value value) => value switch
    {
        { AsSet: { } set } => set.Count,
        { AsList: { } list } => list.Count,
        _ => 0,
    };

    /// <summary>Returns the derivation that a set describes, or null for what is none.</summary>
    public static StorePath? FindDerivation(Evaluator eval, Value value) =>
        value.AsSet is { } set && eval.IsDerivation(set) ? new FoundDerivation("", set).DerivationPath(eval) : null;

    /// <summary>Returns the file and the line, or line 0, where a value can be edited; null when nothing says where.</summary>
    public static (string File, int Line)? FindSource(Evaluator eval, Value value) => value switch
    {
        { AsPath: { } path } => (path, 0),
        { AsString: { } text } => (text.ToString(), 0),
        { AsClosure: { } closure } => PlaceOf(eval, closure.Code.Position),
        { AsPartial.Function.AsClosure: { } closure } => PlaceOf(eval, closure.Code.Position),
        { AsSet: { } set } => FindPosition(eval, set),
        _ => null,
    };

    private static (string File, int Line)? PlaceOf(Evaluator eval, int position) =>
        eval.Sources.Span(position) is { Origin: SourceOrigin.File(var file), Start: var start } ? (file, start.Line) : null;

    // A package says where it is written by meta.position, FILE:LINE.
    private static (string File, int Line)? FindPosition(Evaluator eval, AttributeSet set)
    {
        if (set.Find(eval.Symbols.Intern("meta")) is not { } meta || eval.Force(meta).AsSet is not { } about
            || about.Find(eval.Symbols.Intern("position")) is not { } position || eval.Force(position).AsString is not { } text)
        {
            return null;
        }

        var place = text.ToString();
        var colon = place.LastIndexOf(':');
        return colon > 0 && int.TryParse(place.AsSpan(colon + 1), out var line) ? (place[..colon], line) : (place, 0);
    }
}
