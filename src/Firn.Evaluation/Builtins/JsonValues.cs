using Firn.Evaluation.Values;
using Firn.Model.Text.Json;

namespace Firn.Evaluation.Builtins;

/// <summary>Reads JSON into values, without recursion.</summary>
internal static class JsonValues
{
    /// <param name="eval">The evaluator.</param>
    /// <param name="text">The JSON.</param>
    /// <param name="file">The file that it was read from, when that is known.</param>
    public static Value Read(Evaluator eval, byte[] text, string? file = null)
    {
        try
        {
            return Read(eval, new JsonReader(text));
        }
        catch (JsonFormatException failure)
        {
            throw file is not null
                ? eval.ErrorIn(OtherText.Span(file, text, OtherText.CommaNear(text, failure.Offset)), EvaluationErrors.BadArgument, failure.Diagnostic.Message)
                : eval.Error(EvaluationErrors.BadArgument, 0, failure.Diagnostic.Message);
        }
    }

    /// <summary>Returns a string read from a file format; one with a null byte has no place in the language.</summary>
    internal static NixString Text(Evaluator eval, ReadOnlySpan<byte> text) => text.Contains((byte)0)
        ? throw eval.Error(
            EvaluationErrors.BadArgument, 0,
            $"input string '{System.Text.Encoding.UTF8.GetString(text).Replace("\0", "␀")}' cannot be represented as Nix string because it contains null bytes")
        : new NixString(text.ToArray());

    private static Value Read(Evaluator eval, JsonReader reader)
    {
        var open = new Stack<Level>();
        while (true)
        {
            Value value;
            switch (reader.Next())
            {
                case JsonToken.StartObject:
                    open.Push(new Level([], []));
                    continue;
                case JsonToken.StartArray:
                    open.Push(new Level([], null));
                    continue;
                case JsonToken.Key:
                    open.Peek().Names!.Add(eval.Symbols.Intern(Text(eval, reader.Text).Bytes));
                    continue;
                case JsonToken.EndObject or JsonToken.EndArray:
                    value = open.Pop().Close();
                    break;
                case JsonToken.String:
                    value = Text(eval, reader.Text);
                    break;
                case JsonToken.Integer:
                    value = NixInt.Of(reader.Integer);
                    break;
                case JsonToken.LargeInteger:
                    throw eval.Error(
                        EvaluationErrors.BadArgument, 0, $"unsigned json number {reader.LargeInteger} outside of Nix integer range");
                case JsonToken.Float:
                    value = NixFloat.Of(reader.Float);
                    break;
                case JsonToken.True:
                    value = NixBool.True;
                    break;
                case JsonToken.False:
                    value = NixBool.False;
                    break;
                default:
                    value = NixNull.Instance;
                    break;
            }

            if (open.Count == 0)
            {
                reader.Next();
                return value;
            }

            open.Peek().Items.Add(value);
        }
    }

    private sealed record Level(List<Value> Items, List<Syntax.Text.Symbol>? Names)
    {
        public Value Close()
        {
            if (Names is null)
            {
                return NixList.Of(Items);
            }

            // From the end, since of several values with one name the last counts.
            var set = new AttributeSetBuilder(Items.Count);
            for (var i = Items.Count - 1; i >= 0; i--)
            {
                set.Add(Names[i], Items[i]);
            }

            return set.Build();
        }
    }
}
