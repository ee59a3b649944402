using System.Runtime.CompilerServices;
using System.Text;

namespace Firn.Tests.Cli.Repl;

/// <summary>The sessions that the manual shows are what the prompt says today; <c>UPDATE_GOLDEN=1</c> writes down what it says.</summary>
public sealed class ReplWalkthroughTests
{
    private const string Prompt = "nix-repl> ";
    private const string Continuation = "        > ";
    private const string ShownFolder = "/home/ada/lab";

    [Fact]
    public void The_sessions_in_the_manual_are_true()
    {
        var manual = Manual();
        var replayed = Replay(File.ReadAllLines(manual));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(manual, replayed);
        }

        Assert.Equal(File.ReadAllText(manual), replayed);
        Assert.True(replayed.Split("\n## ").Length - 1 >= 5, "the manual mends five mistakes");
    }

    /// <summary>Does what the blocks say, one after the other, and returns the text with the sessions as they went.</summary>
    private static string Replay(string[] lines)
    {
        var text = new StringBuilder();
        TemporaryFolder? folder = null;
        PromptProcess? prompt = null;
        for (var i = 0; i < lines.Length; i++)
        {
            text.Append(lines[i]).Append('\n');
            if (lines[i].StartsWith("## ", StringComparison.Ordinal))
            {
                prompt?.Dispose();
                folder?.Dispose();
                (prompt, folder) = (null, new TemporaryFolder());
            }

            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(lines, "```", i + 1);
            var block = lines[(i + 1)..end];
            switch (lines[i][3..].Split(' '))
            {
                case ["nix", var file]:
                    File.WriteAllText(Path.Combine(folder!.Path, file), string.Join('\n', block) + "\n");
                    break;
                case ["diff", var file]:
                    Change(Path.Combine(folder!.Path, file), block);
                    break;
                case ["console"]:
                    block = Session(block, folder!.Path, ref prompt);
                    break;
            }

            text.Append(string.Concat(block.Select(l => l + "\n"))).Append("```\n");
            i = end;
        }

        prompt?.Dispose();
        folder?.Dispose();
        return text.ToString();
    }

    // A block that starts with a command begins a session; others go on with it.
    private static string[] Session(string[] block, string folder, ref PromptProcess? prompt)
    {
        var session = Prompt;
        var head = new List<string>();
        if (block[0].StartsWith("$ firn repl", StringComparison.Ordinal))
        {
            prompt?.Dispose();
            prompt = PromptProcess.OnPipes(folder, block[0]["$ firn repl".Length..]);
            session = prompt.WaitFor(Prompt);
            head.Add(block[0]);
        }

        foreach (var line in block.Where(l => l.StartsWith(Prompt, StringComparison.Ordinal) || l.StartsWith(Continuation, StringComparison.Ordinal)))
        {
            var typed = line[Prompt.Length..];
            session += prompt!.Type(typed + "\n", "> ");
            while (!session.EndsWith(Prompt, StringComparison.Ordinal) && !session.EndsWith(Continuation, StringComparison.Ordinal))
            {
                session += prompt.WaitFor("> ", prompt.Seen.Length - 1);
            }
        }

        session = session[..session.LastIndexOf('\n')].Replace(folder, ShownFolder, StringComparison.Ordinal).TrimEnd();
        return [.. head, .. session.Split('\n')];
    }

    private static void Change(string file, string[] block)
    {
        var removed = string.Concat(block.Where(l => l.StartsWith('-')).Select(l => l[1..] + "\n"));
        var added = string.Concat(block.Where(l => l.StartsWith('+')).Select(l => l[1..] + "\n"));
        var before = File.ReadAllText(file);
        Assert.Contains(removed, before, StringComparison.Ordinal);
        File.WriteAllText(file, before.Replace(removed, added, StringComparison.Ordinal));
    }

    private static string Manual([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../docs/repl-walkthrough.md"));
}
