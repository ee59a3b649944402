using Firn.Evaluation;

namespace Firn.Tests.Evaluation;

/// <summary>Evaluation with helping threads: nobody can tell but by the clock.</summary>
public class HelpingTests
{
    private const int Rounds = 15;

    // 300 derivations that need each other, through lists, sets in layers, long sums of strings, imported files and sorted names.
    private const string Many = """
        let
          count = 300;
          at = i: builtins.elemAt all i;
          big = builtins.listToAttrs (builtins.genList (i: { name = "n${toString i}"; value = if i == 0 then at 0 else i; }) 200);
          layered = i: ((big // { a = i; b = at (i / 3); }) // { c = i; }) // { d = "${at (i / 4)}"; };
          sum = builtins.foldl' (a: b: a + b) "" (builtins.genList (i: "a long piece of text with the number ${toString i}, ") 100);
          shared = layered 40;
          make = i: derivation {
            name = "d${toString i}";
            system = "x";
            builder = "/bin/sh";
            args = [ "-c" "${sum}${toString i}" ];
            inputs = if i == 0 then [ ] else map at [ (i / 2) (i - 1) (i / 5) ];
            text = if i < 10 then "" else "${at (i - 3)} and ${at (i - 7)} ${(import /file.nix at).half i}";
            names = toString (builtins.attrNames shared ++ builtins.attrNames (layered (i / 9)));
            same = sum + builtins.concatStringsSep ":" (map (n: "${at n}") (if i < 30 then [ ] else [ 1 2 (i - 20) ]));
          };
          all = builtins.genList make count;
        in
        """;

    [Fact]
    public void All_that_is_made_is_the_same()
    {
        var alone = new MemoryHost().With("/file.nix", "at: { half = i: at (i / 2); third = i: at (i / 3); }");
        var expected = Evaluations.Value(Many + " map (d: d.drvPath) all", alone);

        for (var round = 0; round < Rounds; round++)
        {
            var host = new MemoryHost().With("/file.nix", "at: { half = i: at (i / 2); third = i: at (i / 3); }");
            Assert.Equal(expected, Evaluations.Value(Many + " map (d: d.drvPath) all", host, Helped));
            Assert.Equal(alone.Made.Select(f => f.Path.ToString()).Order(), host.Made.Select(f => f.Path.ToString()).Order());
        }
    }

    [Fact]
    public void A_derivation_that_needs_itself_is_infinite_recursion()
    {
        var expression = """
            let
              at = i: builtins.elemAt all i;
              make = i: derivation {
                name = "d${toString i}"; system = "x"; builder = "/bin/sh";
                inputs = if i < 60 then [ ] else if i == 60 then [ (at 5) (at 90) ] else [ (at 3) (at (i - 1)) ];
                others = if i == 0 then [ ] else [ (at (i - 1)) ];
              };
              all = builtins.genList make 100;
            in map (d: d.drvPath) all
            """;

        for (var round = 0; round < Rounds; round++)
        {
            Assert.Equal(EvaluationErrors.InfiniteRecursion, Evaluations.Failure(expression, options: Helped).Code);
        }
    }

    [Fact]
    public void What_fails_fails_in_the_same_place_and_can_be_caught()
    {
        const string Failing = """
            let
              at = i: builtins.elemAt all i;
              make = i: derivation {
                name = "d${toString i}"; system = "x"; builder = "/bin/sh";
                inputs = if i == 0 then [ ] else [ (at (i - 1)) (at (i / 2)) ];
                wrong = if i == 70 || i == 95 then throw "number ${toString i}" else "";
                zzz = if i == 70 then throw "later" else "";
              };
              all = builtins.genList make 120;
            in
            """;
        var caught = Evaluations.Value(Failing + " map (d: (builtins.tryEval d.drvPath).success) all");

        for (var round = 0; round < Rounds; round++)
        {
            var failure = Evaluations.Failure(Failing + " map (d: d.drvPath) all", options: Helped);
            Assert.Contains("number 70", failure.Message, StringComparison.Ordinal);
            Assert.Equal(caught, Evaluations.Value(Failing + " map (d: (builtins.tryEval d.drvPath).success) all", options: Helped));
        }
    }

    [Fact]
    public void What_is_told_is_told_once_and_in_order()
    {
        const string Telling = """
            let
              at = i: builtins.elemAt all i;
              make = i: derivation {
                name = "d${toString i}"; system = "x"; builder = "/bin/sh";
                inputs = if i == 0 then [ ] else map at [ (i / 2) (i / 3) ];
                text = builtins.trace "made ${toString i}" "";
              };
              all = builtins.genList make 150;
            in builtins.foldl' (a: d: "${d}") "" all
            """;
        var alone = new MemoryHost();
        var expected = Evaluations.Value(Telling, alone);

        for (var round = 0; round < Rounds; round++)
        {
            var host = new MemoryHost();
            Assert.Equal(expected, Evaluations.Value(Telling, host, Helped));
            Assert.Equal(alone.Told, host.Told);
        }
    }

    private static EvaluationOptions Helped(EvaluationOptions options) => options with { Helpers = 3 };
}
