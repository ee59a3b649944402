using System.Buffers;
using System.Text;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Printing;

namespace Firn.Evaluation.Printing;

/// <summary>How much of a value is printed, and how.</summary>
public sealed record PrintOptions
{
    /// <summary>Whether what was not computed yet is computed.</summary>
    public bool Force { get; init; }

    /// <summary>Whether derivations are printed by their path instead of their attributes.</summary>
    public bool DerivationPaths { get; init; }

    /// <summary>Whether what was printed before is only named as repeated.</summary>
    public bool TrackRepeated { get; init; } = true;

    public int MaxDepth { get; init; } = int.MaxValue;

    public int MaxAttributes { get; init; } = int.MaxValue;

    public int MaxItems { get; init; } = int.MaxValue;

    public int MaxStringLength { get; init; } = int.MaxValue;

    /// <summary>By how much each level is indented; 0 prints on one line.</summary>
    public int Indentation { get; init; }

    /// <summary>Whether an error inside the value is printed in its place.</summary>
    public bool ShowsErrors { get; init; } = true;

    /// <summary>Whether an error of the value itself is thrown all the same.</summary>
    public bool ThrowsAtTop { get; init; }

    /// <summary>Whether each kind of value has a colour, for terminals.</summary>
    public bool IsColoured { get; init; }

    /// <summary>What error messages use.</summary>
    public static PrintOptions Message { get; } = new() { MaxDepth = 10, MaxAttributes = 10, MaxItems = 10, MaxStringLength = 1024 };
}

/// <summary>Prints values for people, as <c>nix eval</c>, the REPL and messages do.</summary>
public sealed class ValuePrinter
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly HashSet<Value>? _seen;
    private readonly Evaluator _eval;
    private readonly PrintOptions _options;
    private readonly Stream? _sink;
    private int _attributes;
    private int _items;
    private int _indent;

    private ValuePrinter(Evaluator eval, PrintOptions options, Stream? sink = null)
    {
        (_eval, _options, _sink) = (eval, options, sink);
        _seen = options.TrackRepeated ? [] : null;
    }

    /// <summary>Returns the text of <paramref name="value"/> as bytes.</summary>
    public static byte[] Print(Value value, Evaluator eval, PrintOptions options)
    {
        var printer = new ValuePrinter(eval, options);
        printer.Write(value, default, 0);
        return printer._output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the text of <paramref name="value"/> line by line, as its parts are computed.</summary>
    public static void Print(Value value, Evaluator eval, PrintOptions options, Stream output)
    {
        var printer = new ValuePrinter(eval, options, output);
        printer.Write(value, default, 0);
        printer.Drain();
    }

    /// <summary>Returns the whole value on one line, without computing anything.</summary>
    public static string Print(Value value, Evaluator eval) => Encoding.UTF8.GetString(Print(value, eval, new PrintOptions()));

    internal static string ForMessage(Value value, Evaluator eval) => Encoding.UTF8.GetString(Print(value, eval, PrintOptions.Message));

    private void Write(Value value, Value cell, int depth)
    {
        if (depth > _eval.Settings.MaxCallDepth)
        {
            throw _eval.TooDeep();
        }

        var evaluation = _eval.Depth;
        try
        {
            WriteForced(_options.Force ? _eval.Force(value) : value, cell, depth);
        }
        catch (FirnException failure) when (_options.ShowsErrors && failure.Kind != EvaluationErrors.CallDepth && !(_options.ThrowsAtTop && depth == 0))
        {
            _eval.Unwind(evaluation);
            Text($"«error: {failure.Message}»", Colour.Red);
        }
    }

    private void WriteForced(Value value, Value cell, int depth)
    {
        switch (value)
        {
            case { AsThunk: { Result: { } result } }:
                WriteForced(result, cell, depth);
                break;
            case { AsThunk: { } thunk }:
                Text(thunk.IsBeingForced ? "«potential infinite recursion»" : "«thunk»", thunk.IsBeingForced ? Colour.Red : Colour.Magenta);
                break;
            case { AsString: { } text }:
                WriteString(text);
                break;
            case { AsSet: { } set }:
                WriteSet(set, depth);
                break;
            case { AsList: { } list }:
                WriteList(list, cell, depth);
                break;
            case { IsFunction: true }:
                Text($"«{Function(value)}»", Colour.Blue);
                break;
            default:
                Text(AmbiguousPrinter.Scalar(value), value.IsPath ? Colour.Green : Colour.Cyan);
                break;
        }
    }

    private void WriteString(NixString text)
    {
        if (text.Length <= _options.MaxStringLength)
        {
            Start(Colour.Magenta);
            Literals.WriteString(_output, text.Bytes);
            End();
            return;
        }

        Start(Colour.Magenta);
        Literals.WriteString(_output, text.Bytes[.._options.MaxStringLength]);
        End();
        Elided(text.Length - _options.MaxStringLength, "byte", "bytes");
    }

    private void WriteSet(AttributeSet set, int depth)
    {
        if (_seen?.Add(set) == false)
        {
            Text("«repeated»", Colour.Magenta);
        }
        else if (_options is { Force: true, DerivationPaths: true } && _eval.IsDerivation(set))
        {
            var path = set.Find(_eval.Names.DrvPath) is { } drvPath ? " " + _eval.CoerceToString(drvPath, 0, "while evaluating the drvPath of a derivation", Coercion.None) : "";
            Text($"«derivation{path}»", Colour.Green);
        }
        else if (depth >= _options.MaxDepth)
        {
            Text("{ ... }");
        }
        else
        {
            var attributes = set.ByName(_eval.Symbols).ToList();
            if (_options.MaxAttributes < int.MaxValue)
            {
                // What says most about a set comes first when not all of it is shown.
                attributes = [.. attributes.OrderBy(a => a.Name.ToString() is "name" or "type" ? 0 : 1)];
            }

            Open("{");
            var isPretty = IsPretty(attributes.Count, attributes.Count > 0 ? attributes[0].Value : null);
            var shown = 0;
            foreach (var (name, member, _) in attributes)
            {
                Space(isPretty);
                if (_attributes >= _options.MaxAttributes)
                {
                    Elided(attributes.Count - shown, "attribute", "attributes");
                    break;
                }

                Literals.WriteName(_output, name.Bytes);
                Text(" = ");
                Write(member, set.CellOf(name), depth + 1);
                Text(";");
                _attributes++;
                shown++;
            }

            Close(isPretty, "}");
        }
    }

    private void WriteList(NixList list, Value cell, int depth)
    {
        if (list.Count > 0 && !cell.IsEmpty && _seen?.Add(cell) == false)
        {
            Text("«repeated»", Colour.Magenta);
        }
        else if (depth >= _options.MaxDepth)
        {
            Text("[ ... ]");
        }
        else
        {
            Open("[");
            var isPretty = IsPretty(list.Count, list.Count > 0 ? list.Items[0] : null);
            var shown = 0;
            for (var i = 0; i < list.Count; i++)
            {
                Space(isPretty);
                if (_items >= _options.MaxItems)
                {
                    Elided(list.Count - shown, "item", "items");
                    break;
                }

                Write(list.Items[i], list.Items.CellOf(i), depth + 1);
                _items++;
                shown++;
            }

            Close(isPretty, "]");
        }
    }

    // One thing stays on the line unless it is itself a list or set.
    private bool IsPretty(int count, Value? first)
    {
        if (_options.Indentation == 0 || count != 1)
        {
            return _options.Indentation > 0 && count > 1;
        }

        return _eval.Force(first!.Value).Kind is Kind.List or Kind.Set;
    }

    private void Open(string bracket)
    {
        _indent += _options.Indentation;
        Text(bracket);
    }

    private void Close(bool isPretty, string bracket)
    {
        _indent -= _options.Indentation;
        Space(isPretty);
        Text(bracket);
    }

    private void Space(bool isPretty)
    {
        if (isPretty)
        {
            Text("\n");
            Drain();
        }

        Text(isPretty ? new string(' ', _indent) : " ");
    }

    private void Elided(int count, string one, string many) => Text($"«{count} {(count == 1 ? one : many)} elided»", Colour.Faint);

    private string Function(Value value) => value switch
    {
        { AsClosure: { } closure } => Lambda(closure),
        { AsBuiltin: { } builtin } => $"primop {builtin.Name}",
        { AsPartial.Function.AsBuiltin: { } builtin } => $"partially applied primop {builtin.Name}",
        { AsPartial.Function.AsClosure: { } closure } => Lambda(closure),
        _ => "lambda",
    };

    private string Lambda(Closure closure) =>
        $"lambda{(closure.Code.Name is { } name ? $" {name}" : "")} @ {_eval.DescribePosition(closure.Code.Position)}";

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _output);

    private void Text(string text, Colour colour)
    {
        Start(colour);
        Text(text);
        End();
    }

    private void Start(Colour colour)
    {
        if (_options.IsColoured)
        {
            Text(colour == Colour.Faint ? "\e[2m" : $"\e[{(int)colour};1m");
        }
    }

    private void End()
    {
        if (_options.IsColoured)
        {
            Text("\e[0m");
        }
    }

    private void Drain()
    {
        if (_sink is not null)
        {
            _sink.Write(_output.WrittenSpan);
            _sink.Flush();
            _output.ResetWrittenCount();
        }
    }

    private enum Colour
    {
        Faint = 2,
        Red = 31,
        Green = 32,
        Blue = 34,
        Magenta = 35,
        Cyan = 36,
    }
}
