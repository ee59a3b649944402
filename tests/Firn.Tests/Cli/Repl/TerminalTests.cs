namespace Firn.Tests.Cli.Repl;

/// <summary>The prompt on a terminal: editing, history, completion, several lines, Ctrl-C and Ctrl-D.</summary>
public sealed class TerminalTests
{
    private const string Prompt = "\e[10C";
    private const string Continuation = "        > ";

    [Fact]
    public void A_person_can_complete_recall_interrupt_and_end()
    {
        Assert.SkipUnless(PromptProcess.HasTerminals, "there is no program that opens terminals");
        using var folder = new TemporaryFolder();
        using var prompt = PromptProcess.OnTerminal(folder.Path);
        prompt.WaitFor(Prompt);

        Assert.Contains("\e[36;1m42\e[0m", prompt.Type("1 + 41\r", "\e[2004h\r\e[Jnix-repl> ".Replace("\e[2004h", "\e[?2004h", StringComparison.Ordinal)), StringComparison.Ordinal);
        prompt.Type("set = {\r", Continuation);
        Assert.DoesNotContain("error", prompt.Type("only = 7; }\r", "[?2004h"), StringComparison.Ordinal);

        prompt.Type("set.o\t", "set.only");
        Assert.Contains("\e[36;1m7\e[0m", prompt.Type("\r", "[?2004h"), StringComparison.Ordinal);

        prompt.Type("let f = n: if n == 0 then 0 else f (n - 1); in builtins.foldl' (a: b: f 9000) 0 (builtins.genList (x: x) 10000000)\r", "[?2004l");
        Thread.Sleep(300);
        Assert.Contains("interrupted by the user", prompt.Type("\u0003", "[?2004h"), StringComparison.Ordinal);

        prompt.Type("\e[A\e[A", "set.only");
        Assert.Contains("\e[36;1m7\e[0m", prompt.Type("\r", "[?2004h"), StringComparison.Ordinal);

        prompt.Type("half a line", "half a line");
        prompt.Type("\u0003", "^C");
        prompt.Type("\u0004", "[?2004l");
        Assert.Equal(0, prompt.WaitForEnd());
        Assert.Equal("1 + 41\nset = {\nonly = 7; }\nset.only\n", string.Concat(File.ReadLines(folder.Path + "/.data/nix/repl-history").Take(4).Select(l => l + "\n")));
    }
}
