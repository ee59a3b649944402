using System.Text;
using Firn.Evaluation.Explaining;
using Firn.Model.Diagnostics;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Fuzz.Evaluating;

/// <summary>Changes sources so that most still parse: expressions change places, names are misspelt, pieces go missing.</summary>
internal sealed class SourceMutator(int seed, IReadOnlyList<(string File, byte[] Text)> corpus)
{
    private const int LargestSource = 60_000;

    private static readonly string[] _values =
    [
        "null", "true", "1", "(-1)", "0", "1.5", "\"\"", "\"a\"", "[ ]", "{ }", "(x: x)", "(x: y: x)", "({ a, b ? a }: b)", "./.", "/nowhere",
        "9223372036854775807", "[ 1 \"a\" { } ]", "{ a = 1; }", "rec { a = b; b = a; }", "(throw \"t\")", "(abort \"a\")", "(assert false; 1)",
        "(let x = x; in x)", "(f: (g: g g) (g: f g))", "({ __functor = self: x: x; })", "{ outPath = \"/x\"; }", "{ type = \"derivation\"; }",
        "(builtins.toFile \"n\" \"t\")", "builtins", "__curPos", "<nowhere>", "undefined", "(with { a = 1; }; a)", "(import ./nowhere.nix)",
        "(derivation { name = \"n\"; system = \"s\"; builder = \"b\"; })", "builtins.elemAt", "builtins.foldl'", "(builtins.genList (x: x) 3)",
        "(let f = x: f (x + 1); in f 0)", "(builtins.fromJSON \"[1,\")", "(builtins.addErrorContext \"c\" (throw \"t\"))", "(builtins.tryEval (throw 1))",
        "''${1}''", "\"${{ }}\"", "(1 + \"a\")", "(1 2)", "{ }.a", "({ a }: a) { b = 1; }", "(builtins.getAttr 1 2)", "(builtins.substring 1 2)",
    ];

    private readonly Random _random = new(seed);

    /// <summary>Returns one of the sources, changed in some places.</summary>
    public (string File, byte[] Text) Next()
    {
        var (file, text) = corpus[_random.Next(corpus.Count)];
        for (var changes = _random.Next(1, 4); changes > 0 && text.Length < LargestSource; changes--)
        {
            text = Change(text);
        }

        return (file, text);
    }

    private byte[] Change(byte[] text)
    {
        if (_random.Next(12) == 0 || Expressions(text) is not { Count: > 0 } expressions)
        {
            return ChangeBytes(text);
        }

        var chosen = expressions[_random.Next(expressions.Count)];
        var (start, end) = (SourceTree.StartOf(chosen) - 1, chosen.End - 1);
        if (start < 0 || end > text.Length || start > end)
        {
            return text;
        }

        var old = text[start..end];
        byte[] replacement = _random.Next(9) switch
        {
            0 or 1 or 2 => Encoding.UTF8.GetBytes(_values[_random.Next(_values.Length)]),
            3 => Parenthesised(text, expressions[_random.Next(expressions.Count)]),
            4 => Borrowed(),
            5 when chosen is Identifier or Select => [.. old[..^1], (byte)('a' + _random.Next(26))],
            6 => [.. "("u8, .. old, .. " "u8, .. Parenthesised(text, expressions[_random.Next(expressions.Count)]), .. ")"u8],
            7 => [.. "(with "u8, .. Parenthesised(text, expressions[_random.Next(expressions.Count)]), .. "; "u8, .. old, .. ")"u8],
            _ => [.. "("u8, .. old, .. Encoding.UTF8.GetBytes(Operators[_random.Next(Operators.Length)]), .. Parenthesised(text, expressions[_random.Next(expressions.Count)]), .. ")"u8],
        };
        return [.. text[..start], .. replacement, .. text[end..]];
    }

    private static string[] Operators => [" // ", " ++ ", " + ", " == ", " < ", " -> ", " && ", " or ", " ? ", " / ", "."];

    private byte[] Borrowed()
    {
        var other = corpus[_random.Next(corpus.Count)].Text;
        return Expressions(other) is { Count: > 0 } expressions ? Parenthesised(other, expressions[_random.Next(expressions.Count)]) : "1"u8.ToArray();
    }

    private static byte[] Parenthesised(byte[] text, Expression expression)
    {
        var (start, end) = (SourceTree.StartOf(expression) - 1, expression.End - 1);
        return start >= 0 && end <= text.Length && start <= end && end - start < 4_000 ? [.. "("u8, .. text[start..end], .. ")"u8] : "1"u8.ToArray();
    }

    private byte[] ChangeBytes(byte[] text)
    {
        var at = _random.Next(text.Length + 1);
        var end = Math.Min(text.Length, at + 1 + _random.Next(30));
        return _random.Next(3) switch
        {
            0 => [.. text[..at], .. text[end..]],
            1 => [.. text[..at], .. text[at..end], .. text[at..]],
            _ => [.. text[..at], (byte)"{}()[];:,.=\"'$@?!/ \n"[_random.Next(20)], .. text[at..]],
        };
    }

    private static List<Expression>? Expressions(byte[] text)
    {
        if (text.Length > LargestSource)
        {
            return null;
        }

        // A table of its own: positions start at 1.
        var source = new SourceTable().Add(new SourceOrigin.Text(), text, "/");
        if (Parser.Parse(source, new SymbolTable(), new ParserOptions()).Root is not { } root)
        {
            return null;
        }

        var found = new List<Expression>();
        var pending = new Stack<Expression>([root]);
        while (pending.TryPop(out var next))
        {
            found.Add(next);
            foreach (var child in SourceTree.Children(next))
            {
                pending.Push(child);
            }
        }

        return found;
    }
}
