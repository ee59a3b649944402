using Firn.Evaluation;

namespace Firn.Tests.Evaluation;

/// <summary>The place that an error names is the one to change.</summary>
public sealed class DiagnosticTests
{
    [Fact]
    public void A_value_of_the_wrong_type_is_shown_where_it_was_written_not_where_it_was_used()
    {
        var host = new MemoryHost().With("/ports.nix", "{\n  udp = \"53\";\n}").With("/use.nix", "{ ports }: map toString ports.udp");

        var failure = Evaluations.Failure("import /use.nix { ports = import /ports.nix; }", host);

        Assert.Equal("udp = \"53\";", Evaluations.Line(failure));
        Assert.Contains(failure.Labels, l => l.Text.Contains("`udp`", StringComparison.Ordinal));
    }

    [Fact]
    public void An_argument_is_followed_to_the_call_through_functions()
    {
        Assert.Equal("(f 0)", Evaluations.Line(Evaluations.Failure("let\n  g = x: 1 / x;\n  f = y: g y;\nin\n(f 0)")));
    }

    [Fact]
    public void A_function_in_a_list_asks_for_parentheses()
    {
        var failure = Evaluations.Failure("let mk = n: { name = n; };\nl = [\n  mk \"a\"\n];\nin map (x: x.name) l");

        Assert.Equal("mk \"a\"", Evaluations.Line(failure));
        Assert.Contains(failure.Hints, h => h.Contains("(mk \"a\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Infinite_recursion_lists_its_cycle()
    {
        var failure = Evaluations.Failure("rec {\n  a = \"${b}\";\n  b = \"${c}\";\n  c = \"${a}\";\n}.a");

        Assert.Contains("The cycle: a → b → c → a.", failure.Notes);
        Assert.Equal(EvaluationErrors.InfiniteRecursion, failure.Code);
    }

    [Fact]
    public void The_rarer_spelling_is_the_mistake()
    {
        var failure = Evaluations.Failure("let\n  hosts = [ { address = 1; } { adress = 2; } ];\n  f = h: h.address + 1;\nin map f hosts");

        Assert.Equal("hosts = [ { address = 1; } { adress = 2; } ];", Evaluations.Line(failure));
        Assert.Contains("did you mean `address`", failure.SpanText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_condition_leads_to_the_data_that_it_looked_at()
    {
        var failure = Evaluations.Failure("let\n  f = { port }: if port > 9 then throw \"port ${toString port} is too large\" else port;\nin\nf {\n  port = 10;\n}");

        Assert.Equal("port = 10;", Evaluations.Line(failure));
    }

    [Fact]
    public void Broken_JSON_is_shown_in_its_own_file()
    {
        var host = new MemoryHost().With("/a.json", "{\n  \"a\": 1,\n}");

        var failure = Evaluations.Failure("builtins.fromJSON (builtins.readFile /a.json)", host);

        Assert.Equal("\"a\": 1,", Evaluations.Line(failure));
        Assert.Equal(2, failure.Span!.Start.Line);
    }

    [Fact]
    public void A_string_for_a_path_says_to_leave_out_the_quotes()
    {
        var failure = Evaluations.Failure("let s = {\n  file = \"./x\";\n}; in builtins.readFile s.file");

        Assert.Equal("file = \"./x\";", Evaluations.Line(failure));
        Assert.Contains(failure.Hints, h => h.EndsWith("without quotes: ./x", StringComparison.Ordinal));
    }

    [Fact]
    public void Frames_of_a_library_are_told_from_the_users_own()
    {
        var host = new MemoryHost()
            .With("/my.nix", "(import /nixpkgs/lib/lists.nix).join\n  12")
            .With("/nixpkgs/lib/modules.nix", "{ }").With("/nixpkgs/lib/fixed-points.nix", "{ }")
            .With("/nixpkgs/lib/lists.nix", "{ join = list: builtins.concatStringsSep \",\" list; }");

        var failure = Evaluations.Failure("import /my.nix", host);

        Assert.Equal("12", Evaluations.Line(failure));
        Assert.Contains(failure.Trace, f => f.Library == "nixpkgs/lib");
        Assert.Contains(failure.Trace, f => f.Library is null);
    }
}
