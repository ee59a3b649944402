using Firn.Sessions.Profiling;
using Firn.Tests.Evaluation;

namespace Firn.Tests.Sessions.Profiling;

public class CallProfileTests
{
    [Fact]
    public void Stacks_are_seen_from_the_outermost_call_inwards()
    {
        var text = Profile("let a = builtins.all (let f = x: x; in f); in a [ true ]").ToFoldedStacks();

        Assert.Equal(
            """
            «string»:1:9:primop all 1
            «string»:1:47:primop all 1
            «string»:1:47:primop all;«string»:1:31:f 1

            """,
            text);
    }

    [Fact]
    public void A_failing_call_is_left_all_the_same()
    {
        var profile = Profile("builtins.tryEval (throw \"x\")");

        Assert.Equal(["«string»:1:1:primop tryEval", "«string»:1:1:primop tryEval;«string»:1:19:primop throw"], profile.Counts.Keys);
    }

    [Fact]
    public void The_picture_has_a_bar_for_each_call_and_text_that_is_no_markup()
    {
        var svg = FlameGraph.Draw(new Dictionary<string, int> { ["a.nix:1:1:<f>;b.nix:2:2:g"] = 3, ["a.nix:1:1:<f>"] = 1 });

        Assert.Contains("a.nix:1:1:&lt;f&gt;: 4 samples, 100.0 %", svg, StringComparison.Ordinal);
        Assert.Contains("b.nix:2:2:g: 3 samples, 75.0 %", svg, StringComparison.Ordinal);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Parse(svg).Root!.Name.LocalName);
    }

    private static CallProfile Profile(string expression)
    {
        var profile = new CallProfile(frequency: 0);
        var eval = Evaluations.New(new MemoryHost());
        eval.CallObserver = profile;
        eval.ForceDeep(eval.Files.EvaluateText(expression));
        return profile;
    }
}
