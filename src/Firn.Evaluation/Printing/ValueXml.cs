using System.Globalization;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Printing;

/// <summary>Values as XML, as <c>builtins.toXML</c> and <c>--xml</c> write them.</summary>
public sealed class ValueXml
{
    private readonly XmlText _output = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Evaluator _eval;
    private readonly bool _forces;
    private readonly bool _hasLocations;
    private StringContext? _context;

    private ValueXml(Evaluator eval, bool forces, bool hasLocations) => (_eval, _forces, _hasLocations) = (eval, forces, hasLocations);

    /// <summary>Returns the XML of a value and what it depends on.</summary>
    public static (byte[] Xml, StringContext? Context) Write(Value value, Evaluator eval, bool forces, bool hasLocations)
    {
        var writer = new ValueXml(eval, forces, hasLocations);
        writer._output.Open("expr");
        writer.Write(value);
        writer._output.Close();
        return (writer._output.Written.ToArray(), writer._context);
    }

    private Value Peek(Value value) => _forces ? _eval.Force(value) : value.AsThunk is { Result: { } result } ? result : value;

    private void Write(Value value)
    {
        _eval.EnterCall(null);
        WriteForced(Peek(value));
        _eval.LeaveCall();
    }

    private void WriteForced(Value value)
    {
        switch (value)
        {
            case { AsInt: { } number }:
                _output.Empty("int", new XmlAttribute("value", number.ToString(CultureInfo.InvariantCulture)));
                break;
            case { AsFloat: { } number }:
                _output.Empty("float", new XmlAttribute("value", FloatText.Shown(number)));
                break;
            case { AsBool: { } truth }:
                _output.Empty("bool", new XmlAttribute("value", truth ? "true" : "false"));
                break;
            case { AsString: { } text }:
                _context = StringContext.Union(_context, text.Context);
                _output.Empty("string", new XmlAttribute("value", text.Bytes.ToArray()));
                break;
            case { AsPath: { } path }:
                _output.Empty("path", new XmlAttribute("value", path));
                break;
            case { IsNull: true }:
                _output.Empty("null");
                break;
            case { AsSet: { } set } when _eval.IsDerivation(set):
                WriteDerivation(set);
                break;
            case { AsSet: { } set }:
                _output.Open("attrs");
                WriteAttributes(set);
                _output.Close();
                break;
            case { AsList: { } list }:
                _output.Open("list");
                foreach (var item in list.Items)
                {
                    Write(item);
                }

                _output.Close();
                break;
            case { AsClosure: { } closure }:
                WriteFunction(closure, 0);
                break;
            case { AsPartial: { Function.AsClosure: { } closure } partial }:
                WriteFunction(closure, partial.Arguments.Length);
                break;
            default:
                _output.Empty("unevaluated");
                break;
        }
    }

    private void WriteDerivation(AttributeSet set)
    {
        var attributes = new List<XmlAttribute>();
        foreach (var symbol in (Symbol[])[_eval.Names.DrvPath, _eval.Names.OutPath])
        {
            if (set.Find(symbol) is { } value && Peek(value).AsString is { } path)
            {
                attributes.Add(new XmlAttribute(symbol.ToString(), path.Bytes.ToArray()));
            }
        }

        _output.Open("derivation", [.. attributes]);
        if (set.Find(_eval.Names.DrvPath) is { } drvPath && Peek(drvPath).AsString is { Length: > 0 } own && _seen.Add(own.ToString()))
        {
            WriteAttributes(set);
        }
        else
        {
            _output.Empty("repeated");
        }

        _output.Close();
    }

    private void WriteAttributes(AttributeSet set)
    {
        foreach (var (name, value, position) in set.ByName(_eval.Symbols))
        {
            _output.Open("attr", [new XmlAttribute("name", name.Bytes), .. Location(position)]);
            Write(value);
            _output.Close();
        }
    }

    private void WriteFunction(Closure closure, int argument)
    {
        var code = closure.Code;
        _output.Open("function", Location(code.Position));
        if (code.Pattern is { } pattern && argument == code.Arity - 1)
        {
            var attributes = new List<XmlAttribute>();
            if (code.Parameters[argument] is { } name)
            {
                attributes.Add(new XmlAttribute("name", name.Bytes));
            }

            if (pattern.HasEllipsis)
            {
                attributes.Add(new XmlAttribute("ellipsis", "1"));
            }

            _output.Open("attrspat", [.. attributes]);
            foreach (var item in pattern.Items.OrderBy(i => new ByteString(i.Name.Bytes)))
            {
                _output.Empty("attr", new XmlAttribute("name", item.Name.Bytes));
            }

            _output.Close();
        }
        else
        {
            _output.Empty("varpat", new XmlAttribute("name", code.Parameters[argument]!.Bytes));
        }

        _output.Close();
    }

    private XmlAttribute[] Location(int position)
    {
        if (!_hasLocations || _eval.Sources.Span(position) is not { } span)
        {
            return [];
        }

        var line = new XmlAttribute("line", span.Start.Line.ToString(CultureInfo.InvariantCulture));
        var column = new XmlAttribute("column", span.Start.Column.ToString(CultureInfo.InvariantCulture));
        return span.Origin is Model.Diagnostics.SourceOrigin.File file ? [new XmlAttribute("path", file.Path), line, column] : [line, column];
    }
}
