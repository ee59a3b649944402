using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Model.Text.Toml;

namespace Firn.Evaluation.Builtins;

/// <summary>Reads TOML into values.</summary>
internal static class TomlValues
{
    /// <param name="eval">The evaluator.</param>
    /// <param name="text">The TOML.</param>
    /// <param name="file">The file that it was read from, when that is known.</param>
    public static Value Read(Evaluator eval, byte[] text, string? file)
    {
        try
        {
            return Convert(eval, TomlReader.Read(text));
        }
        catch (TomlFormatException failure)
        {
            var message = $"while parsing TOML: {failure.Diagnostic.Message}";
            throw file is null
                ? eval.Error(EvaluationErrors.BadArgument, 0, message)
                : eval.ErrorIn(OtherText.Span(file, text, failure.Offset), EvaluationErrors.BadArgument, message);
        }
    }

    private static Value Convert(Evaluator eval, TomlValue value) => value switch
    {
        TomlValue.Table table => Set(eval, table.Members.Select(m => (m.Key, Convert(eval, m.Value)))),
        TomlValue.Array array => NixList.Of(array.Items.Select(item => Convert(eval, item)).ToList()),
        TomlValue.Text text => JsonValues.Text(eval, text.Value.Bytes),
        TomlValue.Integer number => NixInt.Of(number.Value),
        TomlValue.Float number => NixFloat.Of(number.Value),
        TomlValue.Boolean truth => NixBool.Of(truth.Value),
        TomlValue.Timestamp time when eval.Options.Features.Contains("parse-toml-timestamps") => Set(
            eval, [(ByteString.Of("_type"), NixString.Of("timestamp")), (ByteString.Of("value"), NixString.Of(time.Value))]),
        _ => throw eval.Error(EvaluationErrors.BadArgument, 0, "Dates and times are not supported", "Write them as strings."),
    };

    private static AttributeSet Set(Evaluator eval, IEnumerable<(ByteString Name, Value Value)> members)
    {
        var set = new AttributeSetBuilder(4);
        foreach (var (name, value) in members)
        {
            set.Add(eval.Symbols.Intern(JsonValues.Text(eval, name.Span).Bytes), value);
        }

        return set.Build();
    }
}
