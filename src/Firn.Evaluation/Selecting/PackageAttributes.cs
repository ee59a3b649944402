using Firn.Evaluation.Values;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Evaluation.Selecting;

/// <summary>Reads what package managers ask of a derivation: its outputs and its <c>meta</c>.</summary>
public static class PackageAttributes
{
    /// <summary>Returns the path of the derivation's file, or null when the set does not say.</summary>
    public static StorePath? FindDerivationPath(Evaluator eval, AttributeSet derivation) =>
        derivation.Find(eval.Names.DrvPath) is null ? null : new FoundDerivation("", derivation).DerivationPath(eval);

    /// <summary>Returns the path of the main output.</summary>
    /// <exception cref="EvaluationException">There is none.</exception>
    public static StorePath OutPath(Evaluator eval, AttributeSet derivation) => derivation.Find(eval.Names.OutPath) is { } value
        ? ToStorePath(eval, value, "while evaluating the output path of a derivation")
        : throw eval.Error(EvaluationErrors.MissingAttribute, 0, "derivation does not have attribute 'outPath'");

    /// <summary>Lists the outputs, sorted by name.</summary>
    /// <param name="eval">Who forces.</param>
    /// <param name="derivation">The set that <c>derivation</c> returned.</param>
    /// <param name="onlyInstalled">Whether to list only those that are installed when nobody says which.</param>
    public static IReadOnlyList<(string Name, StorePath Path)> Outputs(Evaluator eval, AttributeSet derivation, bool onlyInstalled)
    {
        var outputs = new SortedDictionary<string, StorePath>(Utf8Order.Comparer);
        foreach (var name in OutputNames(eval, derivation))
        {
            if (derivation.Find(eval.Symbols.Intern("outputs")) is null)
            {
                outputs[name] = OutPath(eval, derivation);
            }
            else if (derivation.Find(eval.Symbols.Intern(name)) is { } output
                && eval.ForceSet(output, 0, "while evaluating an output of a derivation").Find(eval.Names.OutPath) is { } path)
            {
                outputs[name] = ToStorePath(eval, path, "while evaluating an output path of a derivation");
            }
        }

        var wanted = onlyInstalled ? InstalledOutputs(eval, derivation) : null;
        var unknown = wanted?.FirstOrDefault(name => !outputs.ContainsKey(name));
        return unknown is null
            ? [.. outputs.Where(o => wanted?.Contains(o.Key) ?? true).Select(o => (o.Key, o.Value))]
            : throw eval.Error(EvaluationErrors.MissingAttribute, 0, $"derivation does not have output '{unknown}', which it or its 'meta.outputsToInstall' names");
    }

    /// <summary>Lists the names of the outputs, without evaluating the outputs themselves.</summary>
    public static IEnumerable<string> OutputNames(Evaluator eval, AttributeSet derivation) =>
        derivation.Find(eval.Symbols.Intern("outputs")) is { } value
            ? [.. eval.ForceList(value, 0, "while evaluating the 'outputs' attribute of a derivation").Items.ToArray()
                .Select(item => eval.ForceStringWithoutContext(item, 0, "while evaluating the name of an output of a derivation").ToString())]
            : [OutputName.Default];

    /// <summary>Lists the names in <c>meta</c>.</summary>
    public static IEnumerable<string> MetaNames(Evaluator eval, AttributeSet derivation) =>
        Meta(eval, derivation).ByName(eval.Symbols).Select(a => a.Name.ToString());

    /// <summary>Returns a value in <c>meta</c>, forced with all in it, or null when it is missing or no plain data.</summary>
    public static Value? FindMeta(Evaluator eval, AttributeSet derivation, string name) =>
        Meta(eval, derivation).Find(eval.Symbols.Intern(name)) is { } value && IsPlain(eval, value) ? eval.Force(value) : null;

    /// <summary>Does something that evaluates; false when the expression itself says, by <c>throw</c> or <c>assert</c>, that it makes no sense.</summary>
    public static bool TryEvaluate(Evaluator eval, Action work)
    {
        var depth = eval.Depth;
        try
        {
            work();
            return true;
        }
        catch (EvaluationException failure) when (failure.IsCatchable)
        {
            eval.Unwind(depth);
            return false;
        }
    }

    private static AttributeSet Meta(Evaluator eval, AttributeSet derivation) => derivation.Find(eval.Symbols.Intern("meta")) is { } meta
        ? eval.ForceSet(meta, 0, "while evaluating the 'meta' attribute of a derivation")
        : AttributeSet.Empty;

    private static bool IsPlain(Evaluator eval, Value value)
    {
        // Each level counts as a call: values may go down without end.
        eval.EnterCall(null);
        var result = IsPlainInside(eval, value);
        eval.LeaveCall();
        return result;
    }

    private static bool IsPlainInside(Evaluator eval, Value value) => eval.Force(value) switch
    {
        { AsList: { } list } => list.Items.ToArray().All(item => IsPlain(eval, item)),
        { AsSet: { } set } => set.Find(eval.Names.OutPath) is null && set.ByName(eval.Symbols).All(a => IsPlain(eval, a.Value)),
        { Kind: Kind.Int or Kind.WideInt or Kind.Bool or Kind.String or Kind.Float } => true,
        _ => false,
    };

    /// <summary>Returns the outputs that are installed by default, or null when that is all of them.</summary>
    private static HashSet<string>? InstalledOutputs(Evaluator eval, AttributeSet derivation)
    {
        if (derivation.Find(eval.Symbols.Intern("outputSpecified")) is { } specified
            && eval.ForceBool(specified, 0, "while evaluating the 'outputSpecified' attribute of a derivation"))
        {
            return [new FoundDerivation("", derivation).OutputName(eval)];
        }

        return FindMeta(eval, derivation, "outputsToInstall") switch
        {
            null => null,
            { AsList: { } list } when list.Items.ToArray().All(i => eval.Force(i).IsString) => [.. list.Items.ToArray().Select(i => eval.Force(i).AsString.ToString()!)],
            _ => throw eval.Error(EvaluationErrors.WrongType, 0, "this derivation has bad 'meta.outputsToInstall'"),
        };
    }

    private static StorePath ToStorePath(Evaluator eval, Value value, string doing)
    {
        var text = eval.CoerceToString(value, 0, doing, Coercion.None).ToString();
        return eval.Host.Store.Directory.TryParse(text, out var path)
            ? path
            : throw eval.Error(EvaluationErrors.BadArgument, 0, $"path '{text}' is not in the Nix store");
    }
}
