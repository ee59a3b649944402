using System.Text;
using CsCheck;

namespace Firn.Tests.Syntax;

/// <summary>Makes random expressions of the language, as text; each parses, and no variable in them is unbound.</summary>
/// <remarks>
/// The variables are <c>a</c>, <c>b</c>, <c>c</c> and whatever the expression binds itself. Left out is what prints in a form
/// that cannot be read again: floats with exponents, <c>assert</c> as an operand, paths that end in a slash.
/// </remarks>
internal static class SourceGen
{
    private static readonly Gen<string> _variable = Gen.OneOf("a", "b", "c");
    private static readonly Gen<string> _name = Gen.OneOf("a", "b", "c", "foo", "x-y", "z'", "_q", "or", "\"if\"", "\"s t\"");
    private static readonly Gen<string> _text = Gen.OneOf("", "x", " y ", "\\n", "\\\"", "$", "$$", "\\${", "é", "\\\\", "''");

    private static readonly Gen<string> _leaf = Gen.OneOf<string>(
        _variable, Gen.OneOf("0", "1", "42", "1.5", "\"\"", "\"s\"", "[ ]", "{ }", "null", "true", "false", "(./p)", "(/p/q)", "(x:y)"));

    /// <summary>Expressions whose only unbound variables are <c>a</c>, <c>b</c> and <c>c</c>.</summary>
    internal static Gen<string> Open { get; } = Gen.Int[0, 4].SelectMany(Expression);

    /// <summary>Expressions with every variable bound, ready to be evaluated.</summary>
    internal static Gen<string> Closed { get; } = Open.Select(body => $"let a = 1; b = {{ a = 2; foo = \"s\"; }}; c = x: x; in {body}");

    private static Gen<string> Expression(int depth)
    {
        if (depth == 0)
        {
            return _leaf;
        }

        var inner = Expression(depth - 1);
        var target = Gen.OneOf<string>(_variable, inner.Select(text => $"({text})"));
        var term = Gen.OneOf<string>(_leaf, inner.Select(text => $"({text})"));
        return Gen.OneOf<string>(
            term,
            Binary(term),
            Gen.Select(Gen.OneOf("!", "-"), term, (sign, operand) => sign + operand),
            Gen.Select(term, _name, (set, name) => $"{set} ? {name}"),
            Gen.Select(target, _name, (set, name) => $"{set}.{name}"),
            Gen.Select(target, _name, term, (set, name, fallback) => $"{set}.{name} or {fallback}"),
            Gen.Select(term, term, (function, argument) => $"{function} {argument}"),
            Gen.Select(_variable, inner, (argument, body) => $"{argument}: {body}"),
            Gen.Select(term, inner, (value, body) => $"{{ a, b ? {value}, ... }}: {body}"),
            Gen.Select(inner, inner, inner, (test, then, @else) => $"if {test} then {then} else {@else}"),
            Gen.Select(term, inner, (scope, body) => $"with {scope}; {body}"),
            Gen.Select(Set(inner), inner, (bindings, body) => $"let {bindings} in {body}"),
            Gen.Select(Gen.OneOf("", "rec "), Set(inner), (rec, bindings) => $"{rec}{{ {bindings} }}"),
            term.Array[0, 3].Select(items => $"[ {string.Join(' ', items)} ]"),
            Text(inner).Select(text => $"\"{text}\""));
    }

    private static Gen<string> Binary(Gen<string> term) => Gen.Select(
        term, Gen.OneOf("+", "-", "*", "/", "++", "//", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "->"), term,
        (left, sign, right) => $"{left} {sign} {right}");

    /// <summary>Definitions of distinct names.</summary>
    private static Gen<string> Set(Gen<string> value) => Gen.Select(value, value, Gen.Bool, Gen.Bool, Gen.Bool).Select(
        (first, second, nests, inherits, takes) =>
            $"a = {first}; " + (nests ? $"foo.x = {second}; foo.y.z = 1; " : $"foo = {second}; ")
            + (inherits ? "inherit b; " : "") + (takes ? "inherit (b) c; " : ""));

    private static Gen<string> Text(Gen<string> value) =>
        Gen.OneOf<string>(_text, value.Select(inner => $"${{{inner}}}")).Array[0, 4].Select(Joined);

    private static string Joined(string[] pieces)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            // A dollar at the end of one piece must not eat the brace of the next.
            text.Append(text.Length > 0 && text[^1] == '$' ? " " : "").Append(piece);
        }

        return text.ToString();
    }
}
