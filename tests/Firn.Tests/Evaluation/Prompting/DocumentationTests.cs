using Firn.Evaluation.Prompting;

namespace Firn.Tests.Evaluation.Prompting;

/// <summary>What is documented about a value.</summary>
public sealed class DocumentationTests
{
    private const string Library = """
        {
          /**
            Adds.

              indented
          */
          add = a: b: a + b;
          pair =
            /** Takes the first. */
            a:
            /** Takes the second. */
            b: [ a b ];
          plain = x: x;
          called = {
            /** As a function it doubles. */
            __functor = self: x: x + x;
          };
        }
        """;

    [Theory]
    [InlineData("lib.add", "Function `add`\\\n  … defined at /lib.nix:7:9\n\n\nAdds.\n\n  indented\n")]
    [InlineData("lib.pair", "Function `pair`\\\n  … defined at /lib.nix:10:5\n\nTakes the first. \n")]
    [InlineData("lib.pair 1", "Function `pair`\\\n  … defined at /lib.nix:12:5\n\nTakes the second. \n")]
    [InlineData("lib.plain", "Function `plain`\\\n  … defined at /lib.nix:13:11")]
    [InlineData("lib.called", "Function `__functor`\\\n  … defined at /lib.nix:16:23\n\nAs a function it doubles. \n")]
    [InlineData("1", null)]
    [InlineData("lib", null)]
    public void A_function_is_documented_by_the_comment_in_front_of_it(string expression, string? expected)
    {
        var scope = Scope();
        var value = scope.Evaluate(Assert.IsType<PromptInput.Term>(scope.Read(expression)).Expression);

        Assert.Equal(expected, scope.Attempt(() => Documentation.Of(scope.Evaluator, value)));
    }

    [Fact]
    public void A_builtin_says_what_it_takes_and_what_it_does()
    {
        var scope = Scope();
        var value = scope.Evaluate(Assert.IsType<PromptInput.Term>(scope.Read("builtins.head")).Expression);

        var text = Documentation.Of(scope.Evaluator, value);

        Assert.StartsWith("**Synopsis:** `builtins.head` *list*\n\n", text, StringComparison.Ordinal);
        Assert.Contains("first item", text, StringComparison.Ordinal);
    }

    private static PromptScope Scope()
    {
        var scope = new PromptScope(Evaluations.New(new MemoryHost().With("/lib.nix", Library)), "/");
        scope.Define(Assert.IsType<PromptInput.Definitions>(scope.Read("lib = import /lib.nix")).Set);
        return scope;
    }
}
