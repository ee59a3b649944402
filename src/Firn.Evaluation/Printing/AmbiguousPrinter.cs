using System.Buffers;
using System.Globalization;
using System.Text;
using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Syntax.Printing;

namespace Firn.Evaluation.Printing;

/// <summary>Prints values as <c>nix-instantiate --eval</c> does: on one line, what was not forced as <c>&lt;CODE&gt;</c>.</summary>
public sealed class AmbiguousPrinter
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Evaluator _eval;

    private AmbiguousPrinter(Evaluator eval) => _eval = eval;

    /// <summary>Returns the text of <paramref name="value"/> as bytes.</summary>
    public static byte[] Print(Value value, Evaluator eval)
    {
        var printer = new AmbiguousPrinter(eval);
        printer.Write(value, 0);
        return printer._output.WrittenSpan.ToArray();
    }

    private void Write(Value value, int depth)
    {
        if (depth > _eval.Settings.MaxCallDepth)
        {
            throw _eval.TooDeep();
        }

        switch (value)
        {
            case Thunk { Result: { } result }:
                Write(result, depth);
                break;
            case Thunk thunk:
                Text(thunk.IsBeingForced ? "«potential infinite recursion»" : "<CODE>");
                break;
            case NixString text:
                Literals.WriteString(_output, text.Bytes);
                break;
            case AttributeSet { Count: > 0 } or NixList { Count: > 0 } when !_seen.Add(value):
                Text("«repeated»");
                break;
            case AttributeSet set:
                _output.Write("{ "u8);
                foreach (var (name, member, _) in set.ByName(_eval.Symbols))
                {
                    Literals.WriteName(_output, name.Bytes);
                    _output.Write(" = "u8);
                    Write(member, depth + 1);
                    _output.Write("; "u8);
                }

                _output.Write("}"u8);
                break;
            case NixList list:
                _output.Write("[ "u8);
                foreach (var item in list.Items)
                {
                    Write(item.Value, depth + 1);
                    _output.Write(" "u8);
                }

                _output.Write("]"u8);
                break;
            case Closure:
                Text("<LAMBDA>");
                break;
            case Builtin:
                Text("<PRIMOP>");
                break;
            case PartialApplication partial:
                Text(partial.Function is Builtin ? "<PRIMOP-APP>" : "<LAMBDA>");
                break;
            default:
                Text(Scalar(value));
                break;
        }
    }

    internal static string Scalar(Value value) => value switch
    {
        NixInt number => number.Number.ToString(CultureInfo.InvariantCulture),
        NixFloat number => FloatText.Shown(number.Number),
        NixBool truth => truth.Truth ? "true" : "false",
        NixPath path => path.Path,
        _ => "null",
    };

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _output);
}
