using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtin that takes what somebody built from a binary cache.</summary>
internal static class FetchingClosures
{
    /// <summary>Fetches an object and all it refers to from a binary cache.</summary>
    [Builtin("fetchClosure", Feature = "fetch-closure")]
    public static Value FetchClosure(Evaluator eval, AttributeSet arguments)
    {
        string? store = null;
        StorePath? from = null;
        string? to = null;
        bool? isInputAddressed = null;
        foreach (var (attribute, value, position) in arguments.ByName(eval.Symbols))
        {
            var doing = $"while evaluating the attribute '{attribute}' passed to builtins.fetchClosure";
            switch (attribute.ToString())
            {
                case "fromPath":
                    from = ToStorePath(eval, eval.CoerceToString(value, position, doing, Coercion.None).ToString(), position);
                    break;
                case "toPath":
                    to = eval.CoerceToString(value, position, doing, Coercion.None).ToString();
                    break;
                case "fromStore":
                    store = eval.ForceStringWithoutContext(value, position, doing).ToString();
                    break;
                case "inputAddressed":
                    isInputAddressed = eval.ForceBool(value, position, doing);
                    break;
                default:
                    throw eval.Error(EvaluationErrors.BadArgument, position, $"attribute '{attribute}' isn't supported in call to 'fetchClosure'");
            }
        }

        if (from is null || store is null)
        {
            throw eval.Error(
                EvaluationErrors.MissingArgument, 0, $"attribute '{(from is null ? "fromPath" : "fromStore")}' is missing in call to 'fetchClosure'");
        }

        if (isInputAddressed == true && to is not null)
        {
            throw eval.Error(
                EvaluationErrors.BadArgument, 0, "attribute 'inputAddressed' is set to true, but 'toPath' is also set. Please remove one of them");
        }

        ClosureForm form = to is null
            ? new ClosureForm.AsItIs(isInputAddressed == true)
            : new ClosureForm.Rewritten(to.Length == 0 ? null : ToStorePath(eval, to, 0));
        return eval.StoredString(eval.Host.Fetcher.FetchClosure(store, from, form));
    }

    private static StorePath ToStorePath(Evaluator eval, string text, int position) => eval.Host.Store.Directory.TryParse(text, out var path)
        ? path
        : throw eval.Error(EvaluationErrors.BadArgument, position, $"path '{text}' is not in the Nix store");
}
