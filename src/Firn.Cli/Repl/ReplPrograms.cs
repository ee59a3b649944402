using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Platform.Processes;
using Firn.Sessions;

namespace Firn.Cli.Repl;

/// <summary>Starts programs that take over the terminal until they end: shells, editors, this program under another name.</summary>
internal static class ReplPrograms
{
    /// <summary>Runs this program under one of its names, with the settings that this session was started with.</summary>
    public static void RunOwn(Session session, string name, IReadOnlyList<string> arguments)
    {
        var variables = Environment();
        var settings = session.CommandLine.Select(a => $"{a.Name} = {a.Value}\n");
        variables["NIX_CONFIG"] = variables.GetValueOrDefault("NIX_CONFIG", "") + "\n" + string.Concat(settings);
        Run("/proc/self/exe", [name, .. arguments], variables);
    }

    /// <summary>Opens a file in the user's editor.</summary>
    public static void Edit(Session session, string file, int line)
    {
        var editor = session.Environment("EDITOR") is { Length: > 0 } set ? set : "cat";
        var words = editor.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var knowsLines = new[] { "emacs", "nano", "vim", "kak" }.Any(known => editor.Contains(known, StringComparison.Ordinal));
        Run(FindProgram(session, words[0]), [.. words, .. line > 0 && knowsLines ? (string[])[$"+{line}"] : [], file], Environment());
    }

    private static void Run(string program, IReadOnlyList<string> arguments, SortedDictionary<string, string> environment)
    {
        using var child = ChildProcess.Start(new ChildOptions
        {
            Program = ByteString.Of(program),
            Arguments = [.. arguments.Select(ByteString.Of)],
            Environment = [.. environment.Select(v => ByteString.Of($"{v.Key}={v.Value}"))],
            Descriptors = [new(0, 0), new(1, 1), new(2, 2)],
        });
        child.Wait();
    }

    private static string FindProgram(Session session, string name) => name.Contains('/')
        ? name
        : (session.Environment("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new UsageException($"cannot find the program '{name}' in PATH", "The variable EDITOR names the editor.");

    private static SortedDictionary<string, string> Environment()
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
