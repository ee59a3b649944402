using Firn.Evaluation;

namespace Firn.Tests.Evaluation;

/// <summary>What is counted when statistics are wanted.</summary>
public sealed class EvaluationCountersTests
{
    [Fact]
    public void Calls_operators_and_selections_are_counted()
    {
        var counters = Count("let f = a: b: a + b; s = { x = 1; } // { y = 2; }; in f s.x (builtins.length ([ 1 ] ++ [ 2 3 ]))");

        Assert.Equal(2, counters.FunctionCalls);
        Assert.Equal(1, counters.BuiltinCalls);
        Assert.Equal(1, counters.Updates);
        Assert.Equal(1, counters.ListConcatenations);
        Assert.Equal(2, counters.Lookups);
        Assert.True(counters.Expressions > 10);
    }

    [Fact]
    public void Calls_by_builtins_are_counted_too()
    {
        var counters = Count("builtins.foldl' (sum: n: sum + n) 0 (map (n: n * 2) [ 1 2 3 ])");

        Assert.Equal(9, counters.FunctionCalls);
        Assert.Equal(2, counters.BuiltinCalls);
    }

    // What C++ Nix 2.34.8 counts.
    [Theory]
    [InlineData("let f = a: b: a + b; in map (f 1) [ 1 2 3 ]", 4, 1)]
    [InlineData("let f = a: b: a + b; g = f 1; in g 2 + g 3", 3, 0)]
    [InlineData("let f = a: b: c: a + b + c; g = f 1; h = g 2; in h 3 + h 4", 4, 0)]
    [InlineData("let f = a: b: c: a + b + c; in builtins.foldl' (f 1) 0 [ 1 2 3 4 ]", 9, 1)]
    [InlineData("let id = x: x; f = a: a: a; in id f 1 2", 3, 0)]
    [InlineData("map (builtins.add 1) [ 1 2 3 ]", 0, 4)]
    public void Functions_that_got_a_part_of_their_arguments_are_counted_as_they_get_the_rest(string expression, int functions, int builtins)
    {
        var counters = Count(expression);

        Assert.Equal((functions, builtins), (counters.FunctionCalls, counters.BuiltinCalls));
    }

    [Fact]
    public void Each_function_and_builtin_is_counted_on_demand()
    {
        var counters = Count("let double = n: n * 2; in map double [ 1 2 3 ]");

        var (_, name, count) = Assert.Single(counters.Functions);
        Assert.Equal("double", name);
        Assert.Equal(3, count);
        Assert.Equal("map", Assert.Single(counters.Builtins).Key);
    }

    [Fact]
    public void Errors_are_placed_as_without_counting()
    {
        var failure = Assert.ThrowsAny<EvaluationException>(() => Count("let\n  n = \"1\";\nin\nbuiltins.length n"));

        Assert.Equal("n = \"1\";", Evaluations.Line(failure.Diagnostic));
    }

    private static EvaluationCounters Count(string expression)
    {
        var eval = Evaluations.New(new MemoryHost());
        eval.Counters = new EvaluationCounters { CountsEach = true };
        eval.ForceDeep(eval.Files.EvaluateText(expression));
        return eval.Counters;
    }
}
