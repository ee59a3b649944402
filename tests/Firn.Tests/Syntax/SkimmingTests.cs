using System.Collections;
using System.Text;
using CsCheck;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;
using Assert = Xunit.Assert;
using AssertExpression = Firn.Syntax.Trees.Assert;

namespace Firn.Tests.Syntax;

/// <summary>A text that is skimmed, with its values parsed later, says what it says when it is parsed at once.</summary>
public class SkimmingTests
{
    [Fact]
    public void Values_that_are_parsed_later_make_the_same_tree() => SourceGen.Open.Sample(AreSame, iter: 3000);

    [Fact]
    public void What_is_wrong_with_a_text_is_seen_when_it_is_skimmed() =>
        Gen.Select(SourceGen.Open, Gen.Int[0, 200], Gen.Char["{}()[];:,.=\"'$\\ \n#/*@?<>|&é0"], Gen.Bool).Sample(
            (text, at, put, replaces) =>
            {
                at %= text.Length + 1;
                return AreSame(text[..at] + put + text[Math.Min(text.Length, replaces ? at + 1 : at)..]);
            },
            iter: 6000);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a b.c a", "a b")]
    [InlineData("x: x y", "y")]
    [InlineData("x: y: z: x y z a", "a")]
    [InlineData("{ a, b ? c, d ? a, ... }@e: a b d e f", "c f")]
    [InlineData("let a = b; b = a; in a c", "c")]
    [InlineData("let inherit a; b = a; in b", "a")]
    [InlineData("let inherit (a) b; a = c; in b", "c")]
    [InlineData("rec { a = b; b.c = d; inherit e; f = e; }", "d e")]
    [InlineData("{ a = b; b = c; inherit d; inherit (e) f; g = f; }", "b c d e f")]
    [InlineData("rec { ${a} = b; b = c; \"${d}\" = 1; }", "a c d")]
    [InlineData("let { a = b; body = a; }", "b")]
    [InlineData("with a; b c (with d; e)", "a")]
    [InlineData("x: with x; y", "")]
    [InlineData("\"${a}\" + ''${b}'' + ./${c}/d + \"$${e}\"", "a b c")]
    [InlineData("a.${b}.c or d ? ${e}", "a b d e")]
    [InlineData("if a then b else assert c; d", "a b c d")]
    [InlineData("[ a (b c) ] ++ <nixpkgs> ++ __curPos", "a b c")]
    [InlineData("f or", "f or")]
    [InlineData("{ a.b = c; a.d = e; }", "c e")]
    public void Free_variables_are_those_that_nothing_binds(string text, string expected)
    {
        var symbols = new SymbolTable();
        var source = Sources.Of(Encoding.UTF8.GetBytes(text));

        Assert.Equal(Sorted(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Names(Parser.Parse(source, symbols, Sources.Options).FreeVariables!.Value));
        Assert.Equal(Sorted(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Names(new Parser(symbols, Sources.Options).Skim(source)!.FreeVariables));
    }

    [Theory]
    [InlineData("{ a = rec { b = 1; }; a.c = b; }")]
    [InlineData("{ a = { c = b; }; a = rec { b = 1; d = b; }; }")]
    [InlineData("{ a.c = 1; a = rec { b = d; d = 1; }; }")]
    public void Where_rec_meets_other_definitions_of_its_set_it_is_not_certain_what_is_free(string text)
    {
        var source = Sources.Of(Encoding.UTF8.GetBytes(text));
        var result = Parser.Parse(source, new SymbolTable(), Sources.Options);

        Assert.NotNull(result.Root);
        Assert.Null(result.FreeVariables);
        Assert.Null(new Parser(new SymbolTable(), Sources.Options).Skim(source));
    }

    [Fact]
    public void Only_what_is_more_than_a_word_is_left_for_later()
    {
        const string Text = "{ a = 1; b = x; c = \"s\"; d = ./p; e = [ ]; f = (2); g = x y; h = \"${x}\"; i = { }; j = a: a; k.l = x.y; ${m} = -1; n = [ 1 ]; }";
        var parser = new Parser(new SymbolTable(), Sources.Options);
        var root = (AttributeSet)parser.ParseRoot(parser.Skim(Sources.Of(Encoding.UTF8.GetBytes(Text)))!);

        Assert.Equal("g h i j n", string.Join(' ', root.Bindings.Items.OfType<Binding.Plain>().Where(b => b.Value is Deferred).Select(b => b.Name)));
        Assert.IsType<Deferred>(Assert.Single(root.Bindings.Dynamic).Value);
        Assert.Equal("j", ((Deferred)((Binding.Plain)root.Bindings.Items[9]).Value).Name!.ToString());
    }

    [Fact]
    public void The_condition_of_an_assertion_is_parsed_at_once_for_messages_show_it()
    {
        var parser = new Parser(new SymbolTable(), Sources.Options);
        var root = (AssertExpression)parser.ParseRoot(parser.Skim(Sources.Of("assert { a = f x; } ? a; { b = f x; }"u8.ToArray()))!);

        Assert.IsType<Call>(((Binding.Plain)Assert.Single(((AttributeSet)((HasAttribute)root.Condition).Target).Bindings.Items)).Value);
        Assert.IsType<Deferred>(((Binding.Plain)Assert.Single(((AttributeSet)root.Body).Bindings.Items)).Value);
    }

    [Fact]
    public void Warnings_are_given_once()
    {
        var parser = new Parser(new SymbolTable(), Sources.Options);
        var skimmed = parser.Skim(Sources.Of("{ a = { b = [ f or ]; }; }"u8.ToArray()))!;
        _ = parser.ParseRoot(skimmed);

        Assert.Single(skimmed.Warnings);
    }

    private static bool AreSame(string text)
    {
        var symbols = new SymbolTable();
        var source = Sources.Of(Encoding.UTF8.GetBytes(text));
        var whole = Parser.Parse(source, symbols, Sources.Options);
        var parser = new Parser(symbols, Sources.Options);
        if (parser.Skim(source) is not { } skimmed)
        {
            // Sets that are defined in several pieces are left to the parser, and so is everything that is wrong.
            return whole.Root is null || whole.FreeVariables is null || text.Contains('=', StringComparison.Ordinal);
        }

        return whole is { Root: { } root, FreeVariables: { } free }
            && Names(free).SequenceEqual(Names(skimmed.FreeVariables))
            && whole.Warnings.Select(w => w.Message).SequenceEqual(skimmed.Warnings.Select(w => w.Message))
            && AreSame(root, parser.ParseRoot(skimmed), parser, skimmed);
    }

    private static bool AreSame(object? whole, object? later, Parser parser, SkimmedSource source)
    {
        if (later is Deferred deferred)
        {
            later = parser.ParseValue(source, deferred.Start, deferred.Name);
        }

        return (whole, later) switch
        {
            (null, null) => true,
            (Symbol a, Symbol b) => ReferenceEquals(a, b),
            (string or ValueType and not IEnumerable and not AttributeName, _) => whole.Equals(later),
            (IEnumerable a, IEnumerable b) => a.Cast<object>().Count() == b.Cast<object>().Count()
                && a.Cast<object>().Zip(b.Cast<object>()).All(pair => AreSame(pair.First, pair.Second, parser, source)),
            _ => whole?.GetType() == later?.GetType() && whole!.GetType().GetProperties()
                // Brackets around a value are no part of it, but of what was left for later they were.
                .Where(p => p.Name is not (nameof(Lambda.DocComment) or nameof(Expression.End) or "EqualityContract"))
                .All(p => AreSame(p.GetValue(whole), p.GetValue(later), parser, source)),
        };
    }

    private static string[] Names(IEnumerable<Symbol> symbols) => Sorted(symbols.Select(s => s.ToString()));

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
