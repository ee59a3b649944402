using System.Collections.Immutable;
using Firn.Evaluation;
using Firn.Evaluation.Host;

namespace Firn.Tests.Evaluation;

public sealed class EvaluatorTests
{
    [Fact]
    public void Pure_evaluation_sees_no_files_environment_or_time()
    {
        var host = new MemoryHost().With("/etc/x", "1");
        host.Variables["HOME"] = "/h";

        Assert.Equal(EvaluationErrors.Forbidden, Evaluations.Failure("builtins.readFile /etc/x", host, Pure).Code);
        Assert.Equal("\"\"", Evaluations.Value("builtins.getEnv \"HOME\"", host, Pure));
        Assert.Equal("\"/h\"", Evaluations.Value("builtins.getEnv \"HOME\"", host));
        Assert.Equal("false", Evaluations.Value("builtins ? currentTime", host, Pure));
        Assert.Equal("1", Evaluations.Value("import /etc/x", host, o => Pure(o) with { AllowedPaths = ["/etc"] }));
    }

    [Fact]
    public void Restricted_evaluation_reads_what_is_allowed_and_no_neighbour_with_the_same_beginning()
    {
        var host = new MemoryHost().With("/a/b", "1").With("/ab", "2");

        Assert.Equal("1", Evaluations.Value("import /a/b", host, Restricted));
        Assert.Equal(EvaluationErrors.Forbidden, Evaluations.Failure("import /ab", host, Restricted).Code);
    }

    [Fact]
    public void The_search_path_is_tried_in_order_and_by_prefix()
    {
        var host = new MemoryHost().With("/one/x.nix", "1").With("/two/x.nix", "2").With("/two/y/default.nix", "3");
        EvaluationOptions Search(EvaluationOptions options) => options with
        {
            SearchPath = [new SearchPathEntry("p", "/two"), new SearchPathEntry("", "/one"), new SearchPathEntry("", "/two")],
        };

        Assert.Equal("[ 1 2 3 ]", Evaluations.Value("[ (import <x.nix>) (import <p/x.nix>) (import <y>) ]", host, Search));
        Assert.Contains("'nowhere'", Evaluations.Failure("<nowhere>", host, Search).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_evaluated_once_and_may_not_import_itself()
    {
        var host = new MemoryHost().With("/once.nix", "builtins.trace \"evaluated\" { }").With("/self.nix", "import /self.nix");

        Evaluations.Value("[ (import /once.nix) (import /once.nix) ]", host);

        Assert.Equal([(MessageKind.Trace, "evaluated")], host.Told);
        Assert.Equal(EvaluationErrors.InfiniteRecursion, Evaluations.Failure("import /self.nix", host).Code);
    }

    [Fact]
    public void Recursion_without_end_is_an_error_not_a_crash()
    {
        Assert.Equal(EvaluationErrors.CallDepth, Evaluations.Failure("let f = x: 1 + f x; in f 0").Code);
    }

    [Fact]
    public void What_failed_within_tryEval_can_be_forced_again()
    {
        Assert.Equal(
            "[ false false true ]",
            Evaluations.Value("let a = if b then throw \"x\" else 1; b = true; s = rec { c = a; d = c; }; in [ (builtins.tryEval s.d).success (builtins.tryEval s.c).success (builtins.tryEval b).success ]"));
    }

    [Fact]
    public void A_long_sum_of_strings_is_put_together_once()
    {
        Assert.Equal(
            "[ 600000 \"yx\" ]",
            Evaluations.Value("let s = builtins.foldl' (a: i: a + \"xyxyxy\") \"\" (builtins.genList (i: i) 100000); in [ (builtins.stringLength s) (builtins.substring 99999 2 s) ]"));
    }

    [Fact]
    public void Warnings_and_traces_are_told()
    {
        var host = new MemoryHost();

        Assert.Equal("3", Evaluations.Value("builtins.trace { a = 1; } (builtins.warn \"w\" 3)", host));

        Assert.Equal([(MessageKind.Trace, "{ a = 1; }"), (MessageKind.WarningOfExpression, "w")], host.Told);
    }

    private static EvaluationOptions Pure(EvaluationOptions options) => options with { Settings = options.Settings with { PureEval = true } };

    private static EvaluationOptions Restricted(EvaluationOptions options) =>
        options with { Settings = options.Settings with { RestrictEval = true }, AllowedPaths = ImmutableArray.Create("/a") };
}
