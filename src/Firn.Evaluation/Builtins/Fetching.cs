using Firn.Evaluation.Host;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Values;
using Firn.Model.Hashing;
using Firn.Model.Text;
using Firn.Model.Text.Json;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins that fetch while evaluating.</summary>
internal static class Fetching
{
    /// <summary>Downloads one file.</summary>
    [Builtin("fetchurl")]
    public static Value FetchUrl(Evaluator eval, Value arguments) => Fetch(eval, arguments, "fetchurl", isArchive: false);

    /// <summary>Downloads and unpacks an archive.</summary>
    [Builtin("fetchTarball", Global = true)]
    public static Value FetchTarball(Evaluator eval, Value arguments) => Fetch(eval, arguments, "fetchTarball", isArchive: true);

    /// <summary>Fetches a git repository.</summary>
    [Builtin("fetchGit", Global = true)]
    public static Value FetchGit(Evaluator eval, Value arguments) => FetchTree(eval, arguments, "fetchGit", "git");

    /// <summary>Fetches a Mercurial repository.</summary>
    [Builtin("fetchMercurial", Global = true)]
    public static Value FetchMercurial(Evaluator eval, Value arguments)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal) { ["__builtin"] = "fetchMercurial", ["name"] = "source" };
        if (arguments.AsSet is { } set)
        {
            foreach (var (attribute, value, position) in set.ByName(eval.Symbols))
            {
                var name = attribute.ToString();
                var doing = $"while evaluating the `{name}` attribute passed to builtins.fetchMercurial";
                var text = name switch
                {
                    "url" => eval.CoerceToString(eval.Force(value), position, doing, Coercion.None).ToString(),
                    "rev" or "name" => eval.ForceStringWithoutContext(value, position, doing).ToString(),
                    _ => throw eval.Error(
                        EvaluationErrors.BadArgument, position, $"unsupported argument '{name}' to 'fetchMercurial'", Suggestions.Hint(name, ["url", "rev", "name"]) ?? ""),
                };

                // A branch, bookmark or tag is given as a revision too.
                attributes[name == "rev" && !IsRevision(text) ? "ref" : name] = text;
            }
        }
        else
        {
            attributes["url"] = eval.CoerceToString(arguments, 0, "while evaluating the first argument passed to builtins.fetchMercurial", Coercion.None).ToString();
        }

        if (attributes.GetValueOrDefault("url") is not string url || (url.Length == 0 && arguments.AsSet is not null))
        {
            throw eval.Error(EvaluationErrors.MissingArgument, 0, "'url' argument required");
        }

        eval.CheckUri(url);
        return eval.Settings.PureEval && !attributes.ContainsKey("rev")
            ? throw eval.Error(EvaluationErrors.Forbidden, 0, "in pure evaluation mode, 'fetchMercurial' requires a Mercurial revision")
            : AsValue(eval, eval.Host.Fetcher.FetchTree(attributes, eval.CheckUri));
    }

    /// <summary>Fetches a tree described by attributes or a URL.</summary>
    [Builtin("fetchTree", Global = true)]
    public static Value FetchTree(Evaluator eval, Value arguments) => FetchTree(eval, arguments, "fetchTree", null);

    private static NixString Fetch(Evaluator eval, Value arguments, string builtin, bool isArchive)
    {
        string? url = null;
        var name = isArchive ? "source" : null;
        Hash? expected = null;
        if (arguments.AsSet is { } set)
        {
            foreach (var (attribute, value, position) in set.ByName(eval.Symbols))
            {
                switch (attribute.ToString())
                {
                    case "url":
                        url = eval.ForceStringWithoutContext(value, position, "while evaluating the url we should fetch").ToString();
                        break;
                    case "sha256":
                        expected = eval.ParseHashAllowingEmpty(
                            eval.ForceStringWithoutContext(value, position, "while evaluating the sha256 of the content we should fetch").ToString(),
                            HashAlgorithm.Sha256);
                        break;
                    case "name":
                        name = eval.ForceStringWithoutContext(value, position, "while evaluating the name of the content we should fetch").ToString();
                        break;
                    default:
                        throw eval.Error(EvaluationErrors.BadArgument, position, $"unsupported argument '{attribute}' to '{builtin}'", Suggestions.Hint(attribute.ToString(), ["url", "sha256", "name"]) ?? "");
                }
            }

            if (url is null)
            {
                throw eval.Error(EvaluationErrors.MissingArgument, 0, "'url' argument required");
            }
        }
        else
        {
            url = eval.ForceStringWithoutContext(arguments, 0, "while evaluating the url we should fetch").ToString();
        }

        name ??= PathText.BaseName(url);
        if (eval.Settings.PureEval && expected is null)
        {
            throw eval.Error(EvaluationErrors.Forbidden, 0, $"in pure evaluation mode, '{builtin}' requires a 'sha256' argument");
        }

        eval.CheckUri(url);
        return eval.StoredString(isArchive
            ? eval.Host.Fetcher.FetchTarball(url, name, expected)
            : eval.Host.Fetcher.FetchUrl(url, name, expected));
    }

    private static AttributeSet FetchTree(Evaluator eval, Value arguments, string builtin, string? type)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        if (arguments.AsSet is { } set)
        {
            foreach (var (attribute, value, position) in set.ByName(eval.Symbols))
            {
                var forced = eval.Force(value);
                if (forced.IsNull)
                {
                    continue;
                }

                attributes[attribute.ToString()] = forced switch
                {
                    { AsBool: { } truth } => truth,
                    { AsInt: { } number } when number >= 0 => number,
                    { AsInt: { } number } => throw eval.Error(
                        EvaluationErrors.BadArgument, position, $"negative value given for fetchTree attr '{attribute}': {number}"),
                    { Kind: Kind.String or Kind.Path or Kind.Set } => eval.CoerceToString(
                        forced, position, $"while evaluating the attribute '{attribute}' passed to {builtin}", Coercion.None).ToString(),
                    { IsList: true } when attribute.ToString() == "publicKeys" => WriteJson(eval, forced),
                    _ => throw eval.Error(
                        EvaluationErrors.WrongType, position,
                        $"argument '{attribute}' to '{builtin}' is {forced.Description} while a string, Boolean or integer is expected"),
                };
            }
        }
        else
        {
            attributes["url"] = eval.CoerceToString(arguments, 0, $"while evaluating the first argument passed to '{builtin}'", Coercion.None).ToString();
            if (type is null)
            {
                attributes["__url"] = true;
            }
        }

        if (type is not null)
        {
            attributes["type"] = type;
        }
        else if (!attributes.ContainsKey("type") && !attributes.ContainsKey("__url"))
        {
            throw eval.Error(EvaluationErrors.MissingArgument, 0, "argument 'type' is missing in call to 'fetchTree'");
        }

        if (builtin != "fetchTree")
        {
            attributes["__builtin"] = builtin;
        }

        return AsValue(eval, eval.Host.Fetcher.FetchTree(attributes, eval.CheckUri));
    }

    private static bool IsRevision(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigit);

    private static string WriteJson(Evaluator eval, Value value)
    {
        var json = new JsonWriter();
        ValueJson.Write(value, eval, copyToStore: true, json);
        return System.Text.Encoding.UTF8.GetString(json.Written);
    }

    internal static AttributeSet AsValue(Evaluator eval, FetchedTree tree)
    {
        var result = new AttributeSetBuilder(tree.Attributes.Count + 1);
        result.Add(eval.Names.OutPath, eval.StoredString(tree.Path));
        FlakeReferenceValues.Add(eval, ref result, tree.Attributes);
        return result.Build();
    }
}
