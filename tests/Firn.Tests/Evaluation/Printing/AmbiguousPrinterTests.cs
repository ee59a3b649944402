using System.Text;
using Firn.Evaluation.Printing;

namespace Firn.Tests.Evaluation.Printing;

public sealed class AmbiguousPrinterTests
{
    // What C++ Nix 2.34.8 says, but for a builtin that is inherited: that is <CODE> there.
    [Theory]
    [InlineData("x: x", "<LAMBDA>")]
    [InlineData("{ }", "{ }")]
    [InlineData("{ a = x: x; f = { }; }", "{ a = <CODE>; f = <CODE>; }")]
    [InlineData("[ (x: x) { } 1 \"s\" [ ] (1 + 1) { x = 1; } null ]", "[ <CODE> <CODE> 1 \"s\" [ ] <CODE> <CODE> null ]")]
    [InlineData("{ inherit (builtins) length; a.b = 1; p = builtins.add 1; }", "{ a = <CODE>; length = <PRIMOP>; p = <CODE>; }")]
    public void What_was_not_forced_is_shown_as_code(string expression, string shown)
    {
        var eval = Evaluations.New(new MemoryHost());
        Assert.Equal(shown, Encoding.UTF8.GetString(AmbiguousPrinter.Print(eval.Files.EvaluateText(expression), eval, isDeep: false)));
    }

    [Fact]
    public void What_was_forced_is_shown()
    {
        var eval = Evaluations.New(new MemoryHost());
        var value = eval.Files.EvaluateText("{ a = x: x; f = { }; }");
        eval.ForceDeep(value);
        Assert.Equal("{ a = <LAMBDA>; f = { }; }", Encoding.UTF8.GetString(AmbiguousPrinter.Print(value, eval, isDeep: true)));
    }
}
