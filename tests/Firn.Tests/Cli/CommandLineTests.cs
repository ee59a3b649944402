using System.Text;
using System.Text.Json;
using Firn.Cli.Commands;
using Firn.Cli.Help;
using Firn.Cli.Legacy.NixShell;
using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Cli;

/// <summary>The command line: what is understood, what is suggested, how failures look.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public void Short_options_may_stand_together_and_a_number_behind_one_is_its_value()
    {
        var seen = new List<string>();
        var grammar = new Grammar()
            .Flag("query", "", () => seen.Add("q"), 'q').Flag("all", "", () => seen.Add("R"), 'R')
            .Value("jobs", "n", "", v => seen.Add("j" + v), 'j').Rest("paths", v => seen.Add(v));

        ArgumentParser.Parse(grammar, ["-qR", "-j4", "x", "--", "-q"]);

        Assert.Equal(["q", "R", "j4", "x", "-q"], seen);
    }

    [Fact]
    public void Every_setting_is_an_option_and_flags_can_be_switched_off()
    {
        var seen = new List<(string, string)>();
        var grammar = new Grammar { ApplySetting = (name, value) => seen.Add((name, value)) };

        ArgumentParser.Parse(grammar, ["--cores", "4", "--no-substitute", "--show-trace", "--extra-substituters", "x"]);

        Assert.Equal([("cores", "4"), ("substitute", "false"), ("show-trace", "true"), ("extra-substituters", "x")], seen);
    }

    [Theory]
    [InlineData("--sandbx", "Did you mean --sandbox?")]
    [InlineData("--max-job", "Did you mean --max-jobs?")]
    public void A_misspelt_option_is_guessed(string typed, string hint)
    {
        var error = Assert.Throws<UsageException>(() => ArgumentParser.Parse(new Grammar(), [typed]));

        Assert.Contains(hint, error.Diagnostic.Hints);
    }

    [Fact]
    public void A_misspelt_command_is_guessed()
    {
        var error = Assert.Throws<UsageException>(() => CommandTable.Find(["store", "dlete"], new CommonOptions()));

        Assert.Equal("'store dlete' is not a recognised command", error.Message);
        Assert.Contains("Did you mean store delete?", error.Diagnostic.Hints);
    }

    [Fact]
    public void Options_of_all_commands_may_stand_before_the_command()
    {
        var (_, name, remaining) = CommandTable.Find(["--option", "cores", "2", "store", "gc", "--dry-run"], new CommonOptions());

        Assert.Equal("nix store gc", name);
        Assert.Equal(["--option", "cores", "2", "--dry-run"], remaining);
    }

    [Fact]
    public void A_letter_that_a_command_gives_a_meaning_has_that_meaning() => Assert.All(CommandTable.All, entry =>
    {
        var (alone, whole) = (new Grammar(), new Grammar());
        entry.Make().Declare(alone);
        var options = new CommonOptions();
        options.Declare(whole);
        options.DeclareNew(whole);
        entry.Make().Declare(whole);

        Assert.All(alone.Options.Where(o => o.Short != '\0'), o => Assert.Equal(o.Name, whole.Find($"-{o.Short}")!.Name));
        Assert.Equal(whole.Options.Count(o => o.Short != '\0'), whole.Options.Select(o => o.Short).Where(c => c != '\0').Distinct().Count());
    });

    [Fact]
    public void An_operation_of_an_old_program_is_found_wherever_it_stands_but_only_one()
    {
        var (_, name, remaining) = LegacyCommands.Find("nix-store", ["/x", "-qR"]);

        Assert.Equal("nix-store --query", name);
        Assert.Equal(["/x", "-R"], remaining);
        Assert.Throws<UsageException>(() => LegacyCommands.Find("nix-store", ["--gc", "--query"]));
    }

    [Fact]
    public void Help_calls_the_program_as_it_was_called()
    {
        var (command, name, _) = CommandTable.Find(["cache"], new CommonOptions(), "firn");

        Assert.Equal("firn cache", name);
        Assert.Contains("firn cache push", command.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dump_holds_every_command_with_its_options()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            CommandDump.Write(json);
        }

        using var dump = JsonDocument.Parse(stream.ToArray());
        var commands = dump.RootElement.GetProperty("args").GetProperty("commands");
        Assert.All(CommandTable.All, command => Assert.Equal(command.Make().Summary, Find(command.Words).GetProperty("description").GetString()));
        Assert.Equal("path", Find("build").GetProperty("flags").GetProperty("out-link").GetProperty("labels")[0].GetString());
        Assert.Equal("installables", Find("build").GetProperty("args")[0].GetProperty("label").GetString());

        JsonElement Find(string words)
        {
            var (element, first) = (commands, true);
            foreach (var word in words.Split(' '))
            {
                element = (first ? element : element.GetProperty("commands")).GetProperty(word);
                first = false;
            }

            return element;
        }
    }

    [Fact]
    public void Every_command_says_what_it_does()
    {
        Assert.All(CommandTable.All, command => Assert.False(string.IsNullOrWhiteSpace(command.Make().Summary), command.Words));
        Assert.Equal(CommandTable.All.Count, CommandTable.All.Select(c => c.Words).Distinct().Count());
    }

    [Fact]
    public void A_failure_is_shown_with_its_place_a_caret_and_hints()
    {
        var span = new SourceSpan(new SourceOrigin.File("/x.nix"), new LineColumn(3, 5), 3, Encoding.UTF8.GetBytes("a = foo;"));
        var shown = DiagnosticText.Render(
            new Diagnostic(new ErrorCode("eval/x"), "undefined variable 'foo'") { Span = span, Hints = ["Did you mean fo?"] }, false, new Ansi(false));

        Assert.StartsWith("error: undefined variable 'foo'\n", shown, StringComparison.Ordinal);
        Assert.Contains("at /x.nix:3:5:\n", shown, StringComparison.Ordinal);
        Assert.Contains("a = foo;", shown, StringComparison.Ordinal);
        Assert.Contains("^^^", shown, StringComparison.Ordinal);
        Assert.EndsWith("Did you mean fo?", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void What_calls_itself_again_and_again_is_shown_once_in_a_trace()
    {
        static TraceFrame Frame(int line) => new("while calling `f`", new SourceSpan(new SourceOrigin.File("/x.nix"), new LineColumn(line, 1), 1, [(byte)'f']));

        var shown = DiagnosticText.Render(
            new Diagnostic(new ErrorCode("eval/x"), "too deep") { Trace = [Frame(1), Frame(1), Frame(1), Frame(2), Frame(1)] }, true, new Ansi(false));

        Assert.Equal(["/x.nix:1:1", "(2 duplicate frames omitted)", "/x.nix:2:1", "(1 duplicate frame omitted)"],
            shown.Split('\n').Where(l => l.Contains("/x.nix", StringComparison.Ordinal) || l.Contains("omitted", StringComparison.Ordinal)).Select(l => l.Trim().Replace("at ", "").TrimEnd(':')));
    }

    [Fact]
    public void Escapes_that_programs_print_do_not_reach_a_pipe() =>
        Assert.Equal("red and plain", Ansi.Strip("\e[31mred\e[0m and \e[1;32mplain\e(B"));

    [Fact]
    public void A_scripts_first_lines_are_split_as_a_shell_does() =>
        Assert.Equal(["-p", "a b", "--run", "x'y", ""], ShebangScript.ShellWords("-p 'a b'  --run \"x'y\" ''"));

    [Theory]
    [InlineData(0, "0.0 KiB")]
    [InlineData(1023, "1.0 KiB")]
    [InlineData(5 * 1024 * 1024, "5.0 MiB")]
    public void Sizes_are_written_in_the_unit_that_fits(long bytes, string expected) => Assert.Equal(expected, SizeText.Render(bytes));
}
