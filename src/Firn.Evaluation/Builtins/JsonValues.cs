using System.Runtime.InteropServices;
using Firn.Evaluation.Values;
using Firn.Model.Text.Json;

namespace Firn.Evaluation.Builtins;

/// <summary>Reads JSON into values, without recursion.</summary>
internal static class JsonValues
{
    private const int NoNames = -1;

    /// <param name="eval">The evaluator.</param>
    /// <param name="text">The JSON.</param>
    /// <param name="file">The file that it was read from, when that is known.</param>
    public static Value Read(Evaluator eval, ReadOnlySpan<byte> text, string? file = null)
    {
        try
        {
            return Read(eval, new JsonReader(text));
        }
        catch (JsonFormatException failure)
        {
            throw file is not null
                ? eval.ErrorIn(OtherText.Span(file, text.ToArray(), OtherText.CommaNear(text.ToArray(), failure.Offset)), EvaluationErrors.BadArgument, failure.Diagnostic.Message)
                : eval.Error(EvaluationErrors.BadArgument, 0, failure.Diagnostic.Message);
        }
    }

    /// <summary>Returns a string read from a file format; one with a null byte has no place in the language.</summary>
    internal static NixString Text(Evaluator eval, ReadOnlySpan<byte> text) => text.Contains((byte)0)
        ? throw eval.Error(
            EvaluationErrors.BadArgument, 0,
            $"input string '{System.Text.Encoding.UTF8.GetString(text).Replace("\0", "␀")}' cannot be represented as Nix string because it contains null bytes")
        : new NixString(text);

    private static Value Read(Evaluator eval, JsonReader reader)
    {
        // What is open: where its items start, and where its names do if it is an object.
        var open = new Stack<(int Items, int Names)>();
        var items = new List<Value>();
        var names = new List<int>();
        while (true)
        {
            Value value;
            switch (reader.Next())
            {
                case JsonToken.StartObject:
                    open.Push((items.Count, names.Count));
                    continue;
                case JsonToken.StartArray:
                    open.Push((items.Count, NoNames));
                    continue;
                case JsonToken.Key:
                    names.Add(eval.Symbols.Intern(WithoutNull(reader.Text)).Id);
                    continue;
                case JsonToken.EndObject or JsonToken.EndArray:
                    value = Close(open.Pop());
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

            items.Add(value);
        }

        ReadOnlySpan<byte> WithoutNull(ReadOnlySpan<byte> name) => name.Contains((byte)0) ? Text(eval, name).Bytes : name;

        Value Close((int Items, int Names) level)
        {
            var own = CollectionsMarshal.AsSpan(items)[level.Items..];
            Value value;
            if (level.Names == NoNames)
            {
                value = NixList.Of(own);
            }
            else
            {
                // From the end, since of several values with one name the last counts.
                var set = new AttributeSetBuilder(own.Length);
                for (var i = own.Length - 1; i >= 0; i--)
                {
                    set.Add(names[level.Names + i], own[i], 0);
                }

                value = set.Build(eval.Shapes);
                names.RemoveRange(level.Names, own.Length);
            }

            items.RemoveRange(level.Items, own.Length);
            return value;
        }
    }
}
