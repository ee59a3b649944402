using Firn.Evaluation;

namespace Firn.Tests.Evaluation;

/// <summary>Files, whose values are parsed when they are needed: nobody can tell but by the clock.</summary>
public class DeferringTests
{
    [Theory]
    [InlineData("{ a = x: x + 1; b = a: { c, d ? 2 }: a + c + d; e = f: let g = f; h = g; in h; }", "f: [ (f.a 1) (f.b 1 { c = 3; }) (f.e 7) ]", "[ 2 6 7 ]")]
    [InlineData("rec { a = b.c; b = { c = [ 1 (d 2) ]; }; d = x: x; inherit (b) c; }", "f: [ f.a f.c ]", "[ [ 1 2 ] [ 1 2 ] ]")]
    [InlineData("let a = { b = c; }; c = { d = 1; }; in with a; { inherit b; e = b.d; ${\"f\" + \"g\"} = b.d + 1; }", "f: f", "{ b = { d = 1; }; e = 1; fg = 2; }")]
    [InlineData("{ a.b = 1; a.c = { d = 2; }; a.e.f = x; inherit x; }", "f: f", null)]
    [InlineData("x: rec { __overrides = { a = x; }; a = 1 + 1; b = a; }", "f: (f 5).b", "5")]
    [InlineData("{ a = { b = 1; }; a.c = 2; }", "f: f", "{ a = { b = 1; c = 2; }; }")]
    [InlineData("a: a: let { b = a + 1; body = b; }", "f: f 1 2", "3")]
    [InlineData("{ a = assert { b = true; }.b; ''\n  x${\"y\"}\n''; }", "f: f.a", "\"xy\\n\"")]
    public void A_file_has_the_value_that_its_text_has(string text, string use, string? expected)
    {
        var host = new MemoryHost().With("/file.nix", text);
        if (expected is null)
        {
            Assert.Equal(EvaluationErrors.UndefinedVariable, Evaluations.Failure($"({use}) (import /file.nix)", host).Code);
            return;
        }

        Assert.Equal(expected, Evaluations.Value($"({use}) (import /file.nix)", host));
        Assert.Equal(expected, Evaluations.Value($"({use}) ({text})"));
    }

    [Theory]
    [InlineData("{ a = 1; b = { c = x: nowhere; }; }")]
    [InlineData("{ a = 1; b = let c = { inherit nowhere; }; in c; }")]
    [InlineData("{ a = 1; b = rec { c = 1; }; b.d = nowhere; }")]
    public void A_variable_that_is_not_defined_is_found_although_nobody_needs_it(string text)
    {
        var failure = Evaluations.Failure("(import /file.nix).a", new MemoryHost().With("/file.nix", text));

        Assert.Equal(EvaluationErrors.UndefinedVariable, failure.Code);
        Assert.Contains("nowhere", Evaluations.Line(failure), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_text_is_found_although_nobody_needs_it() =>
        Assert.Equal(
            "syntax/missing-semicolon",
            Evaluations.Failure("(import /file.nix).a", new MemoryHost().With("/file.nix", "{ a = 1; b = { c = 1 }; }")).Code.ToString());

    [Theory]
    [InlineData("{ a = { b = (1 + \"x\") ; }; }", "f: f.a.b")]
    [InlineData("{ a = f: { b = f.c.d; }; }", "f: (f.a { c = { }; }).b")]
    [InlineData("rec { a = { x = b; }; b = c.x; c = a; }", "f: f.b")]
    [InlineData("{ a = let b = throw \"no\"; c = [ b ]; in builtins.head c; }", "f: f.a")]
    public void A_message_says_the_same_of_a_value_that_was_left_for_later(string text, string use)
    {
        var later = Evaluations.Failure($"({use}) (import /file.nix)", new MemoryHost().With("/file.nix", text));
        var atOnce = Evaluations.Failure($"({use}) ({text})");

        Assert.Equal(atOnce.Code, later.Code);
        Assert.Equal(atOnce.Message, later.Message);
        Assert.Equal(atOnce.Labels.Length, later.Labels.Length);
        Assert.Equal(atOnce.Span!.Length, later.Span!.Length);
    }
}
