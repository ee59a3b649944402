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
        var context = new ContextCollector();
        Visit(value);
        return context.ToContext();

        void Visit(Value next)
        {
            eval.EnterCall(null);
            Print(eval.Force(next));
            eval.LeaveCall();
        }

        void Print(Value next)
        {
            switch (next.Kind)
            {
                case Kind.Int or Kind.WideInt:
                    output.Integer(next.AsInt!.Value);
                    break;
                case Kind.Float:
                    output.Float(next.AsFloat!.Value);
                    break;
                case Kind.Bool:
                    output.Boolean(next.AsBool!.Value);
                    break;
                case Kind.Null:
                    output.Null();
                    break;
                case Kind.String:
                    String(next.AsString!.Value);
                    break;
                case Kind.Path:
                    String(copyToStore ? eval.CopyToStore(next.AsPath!, 0) : NixString.Of(next.AsPath!));
                    break;
                case Kind.Set:
                    Set(next.AsSet!.Value);
                    break;
                case Kind.List:
                    eval.OfferAll(next.AsList!.Value.Items, isForString: true);
                    output.StartArray();
                    foreach (var item in next.AsList!.Value.Items)
                    {
                        Visit(item);
                    }

                    output.EndArray();
                    break;
                default:
                    throw eval.Error(EvaluationErrors.WrongType, 0, $"cannot convert {next.Description} to JSON");
            }
        }

        void Set(AttributeSet set)
        {
            if (set.Find(eval.Names.ToStringName) is not null)
            {
                String(eval.CoerceToString(set, 0, "while converting a set to JSON", Coercion.None));
                return;
            }

            if (set.Find(eval.Names.OutPath) is { } outPath)
            {
                Visit(outPath);
                return;
            }

            var flat = set.Flat(eval.Shapes);
            eval.OfferAll(flat.Slots, isForString: true);
            output.StartObject();
            foreach (var place in flat.Shape.ByName(eval.Symbols))
            {
                output.Key(eval.Symbols[flat.Shape.Symbols[place]].Bytes);
                Visit(flat.Slots[place]);
            }

            output.EndObject();
        }

        void String(NixString text)
        {
            context.Add(text.Context);
            output.String(text.Bytes);
        }
    }
}
