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
    private readonly HashSet<Value> _seen = [];
    private readonly Evaluator _eval;
    private readonly bool _isDeep;

    private AmbiguousPrinter(Evaluator eval, bool isDeep) => (_eval, _isDeep) = (eval, isDeep);

    /// <summary>Returns the text of <paramref name="value"/> as bytes.</summary>
    /// <param name="value">The value.</param>
    /// <param name="eval">The evaluator that it is of.</param>
    /// <param name="isDeep">
    /// Whether everything in it was forced. If not, functions and empty sets in it, which Firn makes at once and C++ Nix when they are
    /// needed, are shown as not forced: hardly ever was one looked at before.
    /// </param>
    public static byte[] Print(Value value, Evaluator eval, bool isDeep)
    {
        var printer = new AmbiguousPrinter(eval, isDeep);
        printer.Write(value, default, 0);
        return printer._output.WrittenSpan.ToArray();
    }

    private void Write(Value value, Value cell, int depth, bool wasForced = false)
    {
        if (depth > _eval.Settings.MaxCallDepth)
        {
            throw _eval.TooDeep();
        }

        switch (value)
        {
            case { AsThunk: { Result: { } result } }:
                Write(result, cell, depth, wasForced: true);
                break;
            case { Kind: Kind.Closure } or { AsSet: { Count: 0 } } when depth > 0 && !_isDeep && !wasForced:
                Text("<CODE>");
                break;
            case { AsThunk: { } thunk }:
                Text(thunk.IsBeingForced ? "«potential infinite recursion»" : "<CODE>");
                break;
            case { AsString: { } text }:
                Literals.WriteString(_output, text.Bytes);
                break;
            case { AsSet: { Count: > 0 } } when !_seen.Add(value):
            case { AsList: { Count: > 0 } } when !cell.IsEmpty && !_seen.Add(cell):
                Text("«repeated»");
                break;
            case { AsSet: { } set }:
                _output.Write("{ "u8);
                foreach (var (name, member, _) in set.ByName(_eval.Symbols))
                {
                    Literals.WriteName(_output, name.Bytes);
                    _output.Write(" = "u8);
                    Write(member, set.CellOf(name), depth + 1);
                    _output.Write("; "u8);
                }

                _output.Write("}"u8);
                break;
            case { AsList: { } list }:
                _output.Write("[ "u8);
                for (var i = 0; i < list.Count; i++)
                {
                    Write(list.Items[i], list.Items.CellOf(i), depth + 1);
                    _output.Write(" "u8);
                }

                _output.Write("]"u8);
                break;
            case { Kind: Kind.Closure }:
                Text("<LAMBDA>");
                break;
            case { Kind: Kind.Builtin }:
                Text("<PRIMOP>");
                break;
            case { AsPartial: { } partial }:
                Text(partial.Function.IsBuiltin ? "<PRIMOP-APP>" : "<LAMBDA>");
                break;
            default:
                Text(Scalar(value));
                break;
        }
    }

    internal static string Scalar(Value value) => value switch
    {
        { AsInt: { } number } => number.ToString(CultureInfo.InvariantCulture),
        { AsFloat: { } number } => FloatText.Shown(number),
        { AsBool: { } truth } => truth ? "true" : "false",
        { AsPath: { } path } => path,
        _ => "null",
    };

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _output);
}
