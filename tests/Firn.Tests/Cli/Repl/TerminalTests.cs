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

    [Fact]
    public void All_commands_do_what_they_say()
    {
        Assert.SkipUnless(PromptProcess.HasTerminals, "there is no program that opens terminals");
        using var folder = new TemporaryFolder();
        var here = folder.Path;
        File.WriteAllText($"{here}/lib.nix", """
            {
              /** Doubles a number. */
              double = x: x * 2;
              deep = { a.b = [ 1 [ 2 ] ]; };
              good = derivation { name = "good"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo at work; echo hi > $out" ]; };
              bad = derivation { name = "bad"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo oh no; exit 3" ]; };
              many = builtins.genList (x: x) 300;
            }
            """);
        Directory.CreateDirectory($"{here}/flake");
        File.WriteAllText($"{here}/flake/flake.nix", "{ outputs = { self }: { answer = 42; }; }");
        using var prompt = PromptProcess.OnTerminal(
            here, $"--store 'local?store={here}/s&state={here}/v&log={here}/l' --extra-experimental-features 'nix-command flakes' --option sandbox false --option substituters ''");
        prompt.WaitFor(Prompt);

        void Says(string typed, params string[] words)
        {
            var said = prompt.Type(typed + "\r", "\e[10C");
            Assert.All(words, word => Assert.Contains(word, said, StringComparison.Ordinal));
        }

        Says(":l lib.nix", "Added 5 variables", "double");
        Says(":t double", "a function");
        Says(":doc double", "Doubles a number.", "lib.nix:3");
        Says("deep", "a = { ... }");
        Says(":p deep", "[ \e[36;1m2\e[0m ]");
        Says("many", "\e[36;1m249\e[0m", "50 items elided");
        Says(":b good", "out -> ", "-good");
        Says(":bl good", "repl-result-out");
        Assert.True(File.Exists($"{here}/repl-result-out"));
        Says(":log good", "at work");
        Says(":b bad", "exit code 3", "oh no");
        Says(":i good", "installing 'good");
        Says(":lf ./flake", "answer");
        Says("answer", "\e[36;1m42\e[0m");
        File.WriteAllText($"{here}/flake/flake.nix", "{ outputs = { self }: { answer = 43; }; }");
        Says(":r", "lib.nix", "./flake");
        Says("answer", "\e[36;1m43\e[0m");
        Says(":e double", "Added 5 variables");
        Says(":st", "unknown command", "--debugger");
        Says(":?", ":load-flake", ":log");
        prompt.Type(":q\r", "\e[?2004l");
        Assert.Equal(0, prompt.WaitForEnd());
    }

    [Fact]
    public void The_debugger_stops_where_it_is_told_with_the_variables_at_hand()
    {
        Assert.SkipUnless(PromptProcess.HasTerminals, "there is no program that opens terminals");
        using var folder = new TemporaryFolder();
        File.WriteAllText($"{folder.Path}/halve.nix", """
            let
              halve = n: if n == 0 then builtins.break (throw "too small") else halve (n / 2);
            in
            halve 8
            """);
        using var prompt = PromptProcess.OnTerminal(folder.Path, "--extra-experimental-features nix-command --debugger -f halve.nix", "eval");
        Assert.Contains("breakpoint reached", prompt.WaitFor(Prompt), StringComparison.Ordinal);

        Assert.Contains("halve.nix", prompt.Type(":bt\r", Prompt), StringComparison.Ordinal);
        Assert.Contains("n", prompt.Type(":env\r", Prompt), StringComparison.Ordinal);
        Assert.Contains("\e[36;1m0\e[0m", prompt.Type("n\r", Prompt), StringComparison.Ordinal);
        Assert.Contains("halve.nix", prompt.Type(":st 3\r", Prompt), StringComparison.Ordinal);
        Assert.Contains("\e[36;1m2\e[0m", prompt.Type("n\r", Prompt), StringComparison.Ordinal);
        Assert.Contains("too small", prompt.Type(":c\r", Prompt), StringComparison.Ordinal);
        prompt.Type(":q\r", "\e[?2004l");
        Assert.Equal(1, prompt.WaitForEnd());
    }
}
