using System.Text;
using CsCheck;
using Firn.Syntax;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;
using Assert = Xunit.Assert;

namespace Firn.Tests.Syntax;

public sealed class ParserTests
{
    [Fact]
    public void What_is_printed_and_parsed_again_prints_the_same_from_then_on() =>
        SourceGen.Open.Sample(
            text =>
            {
                var once = Sources.Show(Sources.Show(text));
                return once == Sources.Show(once) && !once.Contains("[syntax/", StringComparison.Ordinal);
            },
            iter: 3000);

    [Fact]
    public void A_message_about_a_span_never_leaves_the_file() =>
        Gen.Select(SourceGen.Open, Gen.Int[0, 200], Gen.Char["{}()[];:,.=\"'$\\ \n#/*@?<>|&é"], Gen.Bool).Sample(
            (text, at, put, replaces) =>
            {
                at %= text.Length + 1;
                var bytes = Encoding.UTF8.GetBytes(text[..at] + put + text[Math.Min(text.Length, replaces ? at + 1 : at)..]);
                var source = Sources.Of(bytes);
                var result = Parser.Parse(source, new SymbolTable(), Sources.Options);
                return (result.Root is null) == (result.Diagnostics.Length == 1) && result.Diagnostics.All(diagnostic =>
                    diagnostic.Span is { } span
                    && source.Line(span.Start.Line).SequenceEqual(span.LineBytes)
                    && span.Start.Column >= 1 && span.Start.Column - 1 + span.Length <= Math.Max(span.LineBytes.Length, span.Start.Column - 1));
            },
            iter: 3000);

    [Theory]
    [InlineData("(", "1", ")", 5_000)]
    [InlineData("[ ", "1", " ]", 5_000)]
    [InlineData("{ a = ", "1", "; }", 5_000)]
    [InlineData("if a then b else ", "c", "", 3_000)]
    [InlineData("x: ", "x", "", 5_000)]
    [InlineData("!", "a", "", 100_000)]
    [InlineData("a // ", "a", "", 100_000)]
    [InlineData("a -> ", "a", "", 100_000)]
    [InlineData("a + ", "a", "", 100_000)]
    [InlineData("a ", "a", "", 100_000)]
    public void Deep_and_long_expressions_are_read(string open, string middle, string close, int times)
    {
        var text = string.Concat(Enumerable.Repeat(open, times)) + middle + string.Concat(Enumerable.Repeat(close, times));
        ParseResult? result = null;
        OnStack(16 << 20, () => result = Sources.Parse(text));
        Assert.NotNull(result!.Root);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{a=")]
    [InlineData("\"${")]
    [InlineData("''${")]
    [InlineData("x: ")]
    [InlineData("a.b or ")]
    [InlineData("let a=")]
    [InlineData("./a${")]
    [InlineData("{a?")]
    public void What_nests_without_end_is_refused_and_does_not_crash(string open)
    {
        var text = string.Concat(Enumerable.Repeat(open, 1_000_000));
        ParseResult? result = null;
        OnStack(1 << 20, () => result = Sources.Parse(text));
        Assert.Equal(SyntaxErrors.TooDeep, result!.Diagnostics[0].Code);
    }

    [Fact]
    public void An_attribute_path_without_end_is_refused_and_does_not_crash()
    {
        var text = "{ " + string.Concat(Enumerable.Repeat("a.", 1_000_000)) + "a = 1; }";
        ParseResult? result = null;
        OnStack(1 << 20, () => result = Sources.Parse(text));
        Assert.Equal(SyntaxErrors.TooDeep, result!.Diagnostics[0].Code);
    }

    [Fact]
    public void A_long_list_is_read() =>
        Assert.Equal(100_000, Assert.IsType<ListLiteral>(Sources.Parse("[ " + new string('1', 200_000).Replace("11", "1 ") + "]").Root).Items.Length);

    [Fact]
    public void A_null_byte_ends_the_text() => Assert.Equal("1", Sources.Show("1 \0 )("));

    [Fact]
    public void A_null_byte_in_a_string_is_refused() =>
        Assert.Equal(SyntaxErrors.NulInString, Sources.Parse("\"a\0b\"").Diagnostics[0].Code);

    [Fact]
    public void Carriage_returns_become_line_ends_in_quoted_strings_only() =>
        Assert.Equal("[ (\"a\\nb\\nc\") (\"d\\r\\ne\") ]", Sources.Show("[ \"a\r\nb\rc\" ''d\r\ne'' ]"));

    [Fact]
    public void Pipes_need_their_feature() => Assert.Equal(
        "1:3+2 [syntax/feature-disabled] experimental Nix feature 'pipe-operators' is disabled;"
        + " add '--extra-experimental-features pipe-operators' to enable it",
        Sources.Show("a |> b", new ParserOptions()));

    [Fact]
    public void The_home_directory_is_refused_in_pure_mode() =>
        Assert.Equal(SyntaxErrors.HomeInPureMode, Sources.Parse("~/a", Sources.Options with { IsPure = true }).Diagnostics[0].Code);

    [Theory]
    [InlineData("http://x", "URL literals are discouraged. Consider using a string literal \"http://x\" instead (lint-url-literals)")]
    [InlineData("a/b", "relative path literal 'a/b' should be prefixed with '.' for clarity: './a/b' (lint-short-path-literals)")]
    [InlineData("/b", "absolute path literals are not portable. Consider replacing path literal '/b' by a string, relative path, or parameter (lint-absolute-path-literals)")]
    public void Discouraged_literals_are_warned_of_or_refused(string text, string message)
    {
        var warned = Sources.Parse(text, Lints(Lint.Warn));
        Assert.NotNull(warned.Root);
        Assert.Equal(message, Assert.Single(warned.Warnings).Message);
        Assert.Null(Sources.Parse(text, Lints(Lint.Fatal)).Root);
        Assert.Empty(Sources.Parse(text).Warnings);

        static ParserOptions Lints(Lint lint) =>
            new() { UrlLiterals = lint, ShortPathLiterals = lint, AbsolutePathLiterals = lint };
    }

    [Theory]
    [InlineData("[ (x: x) or ]", "((x: x) or)")]
    [InlineData("a.b or (x: x) or", "((x: x) or)")]
    [InlineData("f g or", "(g or)")]
    public void An_or_that_will_change_its_meaning_is_warned_of(string text, string snippet) =>
        Assert.Contains("    " + snippet + "\n", Assert.Single(Sources.Parse(text).Warnings).Message, StringComparison.Ordinal);

    [Fact]
    public void Other_uses_of_or_are_not() => Assert.Empty(Sources.Parse("map or [ ] (f (g or))").Warnings);

    [Fact]
    public void The_prompt_takes_definitions_without_braces()
    {
        var result = Parser.ParseBindings(Sources.Of("a = 1; b.c = 2;"u8.ToArray()), new SymbolTable(), Sources.Options);
        Assert.Equal("{ a = 1; b = { c = 2; }; }", Firn.Syntax.Printing.ExpressionPrinter.Print(result.Root!));
        Assert.Null(Parser.ParseBindings(Sources.Of("a = 1"u8.ToArray()), new SymbolTable(), Sources.Options).Root);
    }

    private static void OnStack(int size, ThreadStart run)
    {
        var thread = new Thread(run, size);
        thread.Start();
        thread.Join();
    }
}
