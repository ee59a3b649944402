using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Printing;

/// <summary>Writes a tree as <c>nix-instantiate --parse</c> shows it: every operation in parentheses, names in order.</summary>
/// <remarks>What is still to be written waits on a stack of its own, so that no tree is too deep to be printed.</remarks>
public sealed class ExpressionPrinter
{
    private readonly ByteBuffer _text = new();

    /// <summary>Expressions, symbols and texts to be written, the next one on top.</summary>
    private readonly Stack<object> _waiting = new();

    private ExpressionPrinter() { }

    /// <summary>Writes <paramref name="expression"/>, without a line end.</summary>
    public static void Print(IBufferWriter<byte> output, Expression expression)
    {
        var printer = new ExpressionPrinter();
        printer._waiting.Push(expression);
        printer.Run();
        output.Write(printer._text.Written);
    }

    /// <summary>Returns the text of <paramref name="expression"/>.</summary>
    public static string Print(Expression expression)
    {
        var printer = new ExpressionPrinter();
        printer._waiting.Push(expression);
        printer.Run();
        return Encoding.UTF8.GetString(printer._text.Written);
    }

    /// <summary>Returns the text of an attribute path, <c>a.b."${c}"</c>.</summary>
    public static string PrintPath(ReadOnlySpan<AttributeName> path)
    {
        var printer = new ExpressionPrinter();
        var pieces = new List<object>();
        AddPath(pieces, path);
        printer.Wait(pieces);
        printer.Run();
        return Encoding.UTF8.GetString(printer._text.Written);
    }

    private void Run()
    {
        var pieces = new List<object>();
        while (_waiting.TryPop(out var next))
        {
            switch (next)
            {
                case string text:
                    _text.Add(text);
                    break;
                case Symbol { Bytes: var name } when Literals.IsIdentifier(name):
                    _text.Add(name);
                    break;
                case Symbol name:
                    Literals.WriteString(_text, name.Bytes);
                    break;
                case StringLiteral literal:
                    Literals.WriteString(_text, literal.Value);
                    break;
                default:
                    pieces.Clear();
                    Expand(pieces, (Expression)next);
                    Wait(pieces);
                    break;
            }
        }
    }

    private void Wait(List<object> pieces)
    {
        for (var i = pieces.Count - 1; i >= 0; i--)
        {
            _waiting.Push(pieces[i]);
        }
    }

    private static void Expand(List<object> to, Expression expression)
    {
        switch (expression)
        {
            case IntegerLiteral literal: Add(to, literal.Value.ToString(CultureInfo.InvariantCulture)); break;
            case FloatLiteral literal: Add(to, literal.Value.ToString("g6", CultureInfo.InvariantCulture)); break;
            case PathLiteral literal: Add(to, literal.Path); break;
            case Identifier identifier: to.Add(identifier.Name); break;
            case CurrentPosition: Add(to, "__curPos"); break;
            case Interpolation interpolation: AddJoined(to, interpolation.Parts, "(", " + ", ")"); break;
            case Select select: AddSelect(to, select); break;
            case HasAttribute has:
                Add(to, "((", has.Target, ") ? ");
                AddPath(to, has.Path.AsSpan());
                Add(to, ")");
                break;
            case AttributeSet set: AddSet(to, set); break;
            case LetIn let:
                Add(to, "(let ");
                BindingsText.Add(to, let.Bindings);
                Add(to, "in ", let.Body, ")");
                break;
            case ListLiteral list:
                Add(to, "[ ");
                foreach (var item in list.Items)
                {
                    Add(to, "(", item, ") ");
                }

                Add(to, "]");
                break;
            case With with: Add(to, "(with ", with.Scope, "; ", with.Body, ")"); break;
            case Assert assert: Add(to, "assert ", assert.Condition, "; ", assert.Body); break;
            case Conditional conditional:
                Add(to, "(if ", conditional.Condition, " then ", conditional.Then, " else ", conditional.Else, ")");
                break;
            case Lambda lambda: AddLambda(to, lambda); break;
            case Call call: AddCall(to, call); break;
            case Not not: Add(to, "(! ", not.Operand, ")"); break;
            case Negate negate: Add(to, "(__sub 0 ", negate.Operand, ")"); break;
            case Operation operation: AddOperation(to, operation); break;
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void AddSelect(List<object> to, Select select)
    {
        Add(to, "(", select.Target, ").");
        AddPath(to, select.Path.AsSpan());
        if (select.Fallback is { } fallback)
        {
            Add(to, " or (", fallback, ")");
        }
    }

    private static void AddSet(List<object> to, AttributeSet set)
    {
        Add(to, set.IsRecursive ? "rec { " : "{ ");
        BindingsText.Add(to, set.Bindings);
        Add(to, "}");
    }

    private static void AddLambda(List<object> to, Lambda lambda)
    {
        Add(to, "(");
        if (lambda.Formals is { } formals)
        {
            Add(to, "{ ");
            var separator = "";
            foreach (var formal in formals.Items.OrderBy(formal => formal.Name, SymbolOrder.ByBytes))
            {
                Add(to, separator, formal.Name);
                if (formal.Default is { } value)
                {
                    Add(to, " ? ", value);
                }

                separator = ", ";
            }

            Add(to, formals.HasEllipsis ? separator + "... }" : " }");
            Add(to, lambda.Argument is null ? "" : " @ ");
        }

        if (lambda.Argument is { } argument)
        {
            to.Add(argument);
        }

        Add(to, ": ", lambda.Body, ")");
    }

    private static void AddCall(List<object> to, Call call)
    {
        // A function that is itself a call in upstream's tree takes the arguments too, unless the argument is the old
        // `or`, which stands where the call starts.
        var isOr = call.Arguments[0] is Identifier && call.Arguments[0].Start == call.Start;
        Add(to, "(");
        if (!isOr && CallPieces(call.Function) is { } pieces)
        {
            AddJoinedPieces(to, pieces);
        }
        else
        {
            to.Add(call.Function);
        }

        foreach (var argument in call.Arguments)
        {
            Add(to, " ", argument);
        }

        Add(to, ")");
    }

    private static void AddOperation(List<object> to, Operation operation)
    {
        if (CallPieces(operation) is { } pieces)
        {
            Add(to, "(");
            AddJoinedPieces(to, pieces);
            Add(to, ")");
            return;
        }

        switch (operation.Operator)
        {
            case Operator.LessOrEqual: Add(to, "(! (__lessThan ", operation.Right, " ", operation.Left, "))"); break;
            case Operator.GreaterOrEqual: Add(to, "(! (__lessThan ", operation.Left, " ", operation.Right, "))"); break;
            case Operator.Equal: AddInfix(" == "); break;
            case Operator.NotEqual: AddInfix(" != "); break;
            case Operator.And: AddInfix(" && "); break;
            case Operator.Or: AddInfix(" || "); break;
            case Operator.Implies: AddInfix(" -> "); break;
            case Operator.Update: AddInfix(" // "); break;
            default: AddInfix(" ++ "); break;
        }

        void AddInfix(string sign) => Add(to, "(", operation.Left, sign, operation.Right, ")");
    }

    /// <summary>Returns function and arguments of what is a call in upstream's tree and has a node of its own in ours.</summary>
    private static object[]? CallPieces(Expression expression) => expression switch
    {
        Negate negate => ["__sub", "0", negate.Operand],
        Operation { Operator: Operator.Subtract } o => ["__sub", o.Left, o.Right],
        Operation { Operator: Operator.Multiply } o => ["__mul", o.Left, o.Right],
        Operation { Operator: Operator.Divide } o => ["__div", o.Left, o.Right],
        Operation { Operator: Operator.LessThan } o => ["__lessThan", o.Left, o.Right],
        Operation { Operator: Operator.GreaterThan } o => ["__lessThan", o.Right, o.Left],
        _ => null,
    };

    private static void AddJoinedPieces(List<object> to, object[] pieces)
    {
        for (var i = 0; i < pieces.Length; i++)
        {
            Add(to, i == 0 ? "" : " ", pieces[i]);
        }
    }

    private static void AddJoined(List<object> to, ImmutableArray<Expression> items, string open, string separator, string close)
    {
        Add(to, open);
        for (var i = 0; i < items.Length; i++)
        {
            Add(to, i == 0 ? "" : separator, items[i]);
        }

        Add(to, close);
    }

    private static void AddPath(List<object> to, ReadOnlySpan<AttributeName> path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            Add(to, i == 0 ? "" : ".");
            if (path[i].Name is { } name)
            {
                to.Add(name);
            }
            else
            {
                Add(to, "\"${", path[i].Dynamic!, "}\"");
            }
        }
    }

    /// <summary>Adds pieces of output; strings stand for their text.</summary>
    internal static void Add(List<object> to, params ReadOnlySpan<object> pieces) => to.AddRange(pieces);
}
