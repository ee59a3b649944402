using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Model.Text.Json;

namespace Firn.Evaluation.Printing;

/// <summary>Values as JSON, as <c>builtins.toJSON</c>, <c>--json</c> and <c>__structuredAttrs</c> write them.</summary>
public static class ValueJson
{
    /// <summary>Writes a value; returns what it depends on.</summary>
    /// <param name="value">Forced with all in it.</param>
    /// <param name="eval">Who forces it.</param>
    /// <param name="copyToStore">Whether paths are copied into the store.</param>
    /// <param name="output">Gets the JSON.</param>
    public static StringContext? Write(Value value, Evaluator eval, bool copyToStore, JsonWriter output)
    {
        StringContext? context = null;
        Visit(value);
        return context;

        void Visit(Value next)
        {
            eval.EnterCall(null);
            Print(eval.Force(next));
            eval.LeaveCall();
        }

        void Print(Value next)
        {
            switch (next)
            {
                case { AsInt: { } number }:
                    output.Integer(number);
                    break;
                case { AsFloat: { } number }:
                    output.Float(number);
                    break;
                case { AsBool: { } truth }:
                    output.Boolean(truth);
                    break;
                case { IsNull: true }:
                    output.Null();
                    break;
                case { AsString: { } text }:
                    String(text);
                    break;
                case { AsPath: { } path }:
                    String(copyToStore ? eval.CopyToStore(path, 0) : NixString.Of(path));
                    break;
                case { AsSet: { } set } when set.Find(eval.Names.ToStringName) is not null:
                    String(eval.CoerceToString(set, 0, "while converting a set to JSON", Coercion.None));
                    break;
                case { AsSet: { } set } when set.Find(eval.Names.OutPath) is { } outPath:
                    Visit(outPath);
                    break;
                case { AsSet: { } set }:
                    output.StartObject();
                    foreach (var (name, member, _) in set.ByName(eval.Symbols))
                    {
                        output.Key(name.Bytes);
                        Visit(member);
                    }

                    output.EndObject();
                    break;
                case { AsList: { } list }:
                    output.StartArray();
                    foreach (var item in list.Items)
                    {
                        Visit(item);
                    }

                    output.EndArray();
                    break;
                case var other:
                    throw eval.Error(EvaluationErrors.WrongType, 0, $"cannot convert {other.Description} to JSON");
            }
        }

        void String(NixString text)
        {
            context = StringContext.Union(context, text.Context);
            output.String(text.Bytes);
        }
    }
}
