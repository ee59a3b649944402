using System.Text;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Prompting;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Evaluation.Prompting;

/// <summary>What is typed at a prompt, and the variables it makes.</summary>
public sealed class PromptScopeTests
{
    [Theory]
    [InlineData("x = 1", true)]
    [InlineData("inherit (a) b c", true)]
    [InlineData("a.b.c = 1; d = 2;", true)]
    [InlineData("a", false)]
    [InlineData("{ x = 1; }", false)]
    [InlineData("x == 1", false)]
    public void Definitions_need_no_braces_and_no_last_semicolon(string text, bool isDefinition)
    {
        var input = Scope().Read(text);

        Assert.Equal(isDefinition, input is PromptInput.Definitions);
        Assert.Equal(!isDefinition, input is PromptInput.Term);
    }

    [Theory]
    [InlineData("1 +")]
    [InlineData("{")]
    [InlineData("x = {")]
    [InlineData("x = ''")]
    [InlineData("f \"a")]
    [InlineData("let a = 1;")]
    [InlineData("# only a comment")]
    public void What_more_lines_can_complete_is_incomplete(string text) => Assert.IsType<PromptInput.Incomplete>(Scope().Read(text));

    [Theory]
    [InlineData("1 + )")]
    [InlineData("x = 1 }")]
    [InlineData("]")]
    public void What_no_line_can_complete_is_wrong(string text) => Assert.IsType<PromptInput.Wrong>(Scope().Read(text));

    [Fact]
    public void A_definition_sees_the_variables_before_it_also_the_one_it_hides()
    {
        var scope = Scope("x = 1", "x = x + 1", "f = y: x + y", "x = 10");

        Assert.Equal("3", Value(scope, "f 1"));
        Assert.Equal("10", Value(scope, "x"));
    }

    [Fact]
    public void A_variable_that_fails_fails_when_it_is_used_and_can_be_used_again()
    {
        var scope = Scope("bad = throw \"no\"");

        Assert.ThrowsAny<FirnException>(() => Value(scope, "bad"));
        Assert.ThrowsAny<FirnException>(() => Value(scope, "bad"));
        Assert.Equal("2", Value(scope, "1 + 1"));
    }

    [Fact]
    public void An_evaluation_is_interrupted_at_its_next_call_and_the_next_one_is_not()
    {
        var scope = Scope();
        scope.Evaluator.Interrupt();
        Assert.Throws<OperationCanceledException>(() => Value(scope, "(x: x) 1"));

        scope.Evaluator.ForgetInterruption();
        Assert.Equal("1", Value(scope, "(x: x) 1"));
    }

    private static PromptScope Scope(params string[] definitions)
    {
        var scope = new PromptScope(Evaluations.New(new MemoryHost()), "/");
        foreach (var definition in definitions)
        {
            scope.Define(Assert.IsType<PromptInput.Definitions>(scope.Read(definition)).Set);
        }

        return scope;
    }

    private static string Value(PromptScope scope, string text) => Encoding.UTF8.GetString(ValuePrinter.Print(
        scope.Evaluate(Assert.IsType<PromptInput.Term>(scope.Read(text)).Expression), scope.Evaluator, new PrintOptions()));
}
