using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Evaluation;

/// <summary>Where a debugger is called, and what it sees there.</summary>
public sealed class DebuggerTests
{
    [Fact]
    public void A_failure_is_shown_where_it_happens_with_what_is_in_sight()
    {
        var seen = Debug("let a = 1; in with { c = 3; }; (x: builtins.seq c (throw \"no\")) 2");

        var stop = Assert.Single(seen);
        Assert.Equal("no", stop.Message);
        Assert.Equal(["x"], stop.Levels[0]);
        Assert.Equal(["c"], stop.Levels[1]);
        Assert.Equal(["a"], stop.Levels[2]);
        Assert.Contains("map", stop.Levels[^1]);
    }

    [Fact]
    public void A_break_is_shown_and_evaluation_goes_on()
    {
        var seen = Debug("let f = x: builtins.break (x + 1); in f 1 + f 2", expected: "5");

        Assert.Equal(["breakpoint reached", "breakpoint reached"], seen.Select(s => s.Message));
        Assert.Equal(["x"], seen[0].Levels[0]);
    }

    [Fact]
    public void A_step_goes_to_the_next_call()
    {
        var seen = Debug("let f = x: x + 1; in builtins.break 1 + f (f 2)", DebuggerAnswer.Step, expected: "5");

        Assert.True(seen.Count >= 3, $"{seen.Count} stops");
        Assert.Equal("breakpoint reached", seen[0].Message);
        Assert.Equal("", seen[1].Message);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void What_tryEval_answers_is_shown_unless_the_settings_say_no(bool ignores, int stops) =>
        Assert.Equal(stops, Debug("(builtins.tryEval (throw \"no\")).success", expected: "false", ignoresTry: ignores).Count);

    [Fact]
    public void Who_quits_at_a_break_ends_the_evaluation()
    {
        var failure = Assert.ThrowsAny<FirnException>(() => Debug("builtins.break 1", DebuggerAnswer.Quit));

        Assert.Equal("breakpoint reached", failure.Message);
    }

    [Fact]
    public void A_debugger_may_evaluate_and_fail_while_it_looks_around()
    {
        var eval = Evaluations.New(new MemoryHost());
        eval.Debugger = new Looker(DebuggerAnswer.Continue, [], () =>
        {
            Assert.ThrowsAny<FirnException>(() => eval.Files.EvaluateText("1 + \"a\""));
            Assert.Equal("2", Firn.Evaluation.Printing.ValuePrinter.Print(eval.Files.EvaluateText("1 + 1"), eval));
        });

        Assert.Equal("4", Firn.Evaluation.Printing.ValuePrinter.Print(eval.Files.EvaluateText("1 + builtins.break 3"), eval));
    }

    private static List<Seen> Debug(string text, DebuggerAnswer answer = DebuggerAnswer.Continue, string? expected = null, bool ignoresTry = false)
    {
        var eval = Evaluations.New(new MemoryHost(), o => o with { Settings = o.Settings with { IgnoreTry = ignoresTry } });
        var seen = new List<Seen>();
        eval.Debugger = new Looker(answer, seen, () => { });
        try
        {
            Assert.Equal(expected, Firn.Evaluation.Printing.ValuePrinter.Print(eval.Files.EvaluateText(text), eval));
        }
        catch (EvaluationException failure) when (eval.Shows(failure) || (expected is null && answer != DebuggerAnswer.Quit))
        {
            // Seen by the debugger, which is what is tested.
        }

        return seen;
    }

    private sealed record Seen(string Message, IReadOnlyList<IReadOnlyList<string>> Levels);

    private sealed class Looker(DebuggerAnswer answer, List<Seen> seen, Action look) : IDebugger
    {
        public DebuggerAnswer Stop(DebuggerStop stop)
        {
            var levels = stop.FindFrames()[0].FindLevels();
            seen.Add(new Seen(stop.Failure?.Message ?? stop.Reason, [.. levels.Select(l => l.Variables.Select(v => v.Name.ToString()).ToList())]));
            look();
            return answer;
        }
    }
}
