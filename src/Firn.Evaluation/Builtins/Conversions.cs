using Firn.Evaluation.Printing;
using Firn.Evaluation.Values;
using Firn.Model.Hashing;
using Firn.Model.Text.Json;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins that turn values into other notations and back.</summary>
internal static class Conversions
{
    [Builtin("toJSON")]
    public static Value ToJson(Evaluator eval, Lazy value)
    {
        var output = new JsonWriter();
        var context = ValueJson.Write(value.Value, eval, copyToStore: true, output);
        return new NixString(output.Written, context);
    }

    [Builtin("fromJSON")]
    public static Value FromJson(Evaluator eval, NixString text) => JsonValues.Read(eval, text.Bytes, eval.FileOf(text));

    [Builtin("fromTOML", Global = true)]
    public static Value FromToml(Evaluator eval, NixString text) => TomlValues.Read(eval, text.Bytes.ToArray(), eval.FileOf(text));

    [Builtin("toXML")]
    public static Value ToXml(Evaluator eval, Lazy value)
    {
        var (xml, context) = ValueXml.Write(value.Value, eval, forces: true, hasLocations: false);
        return new NixString(xml, context);
    }

    /// <summary>Writes a hash in another format.</summary>
    [Builtin("convertHash")]
    public static Value ConvertHash(Evaluator eval, AttributeSet arguments)
    {
        const string Where = "while locating the attribute in the argument of builtins.convertHash";
        var text = eval.ForceStringWithoutContext(eval.GetAttribute(arguments, "hash", Where), 0, "while evaluating the attribute 'hash'").ToString();
        var named = arguments.Find(eval.Symbols.Intern("hashAlgo")) is { } given
            ? eval.ForceStringWithoutContext(given, 0, "while evaluating the attribute 'hashAlgo'").ToString()
            : null;
        var format = eval.ForceStringWithoutContext(
            eval.GetAttribute(arguments, "toHashFormat", Where), 0, "while evaluating the attribute 'toHashFormat'").ToString();
        var algorithm = named is null ? null : Algorithm(eval, named) as HashAlgorithm?;
        var hash = Hash.Parse(text, algorithm);
        return NixString.Of(hash.Digest(format switch
        {
            "base16" => HashFormat.Base16,
            "nix32" or "base32" => HashFormat.Nix32,
            "base64" => HashFormat.Base64,
            "sri" => HashFormat.Sri,
            _ => throw eval.Error(EvaluationErrors.BadArgument, 0, $"unknown hash format '{format}', expect 'base16', 'base32', 'base64', or 'sri'"),
        }));
    }

    [Builtin("hashString")]
    public static Value HashString(Evaluator eval, NixString algorithm, NixString text) =>
        NixString.Of(Hash.Of(Algorithm(eval, algorithm.ToString()), text.Bytes).Digest(HashFormat.Base16));

    internal static HashAlgorithm Algorithm(Evaluator eval, string name) => HashAlgorithms.Find(name)
        ?? throw eval.Error(
            EvaluationErrors.BadArgument, 0, $"unknown hash algorithm '{name}', expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'");
}
