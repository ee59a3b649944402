using System.Text;
using Firn.Evaluation.Host;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Repl;

/// <summary>The commands of the prompt where evaluation is stopped: what was being done, what is in sight there, going on.</summary>
/// <param name="scope">The variables of the prompt, which become those of the frame that is chosen.</param>
/// <param name="output">Where frames are shown.</param>
/// <param name="stop">Where evaluation is stopped; null when it is not.</param>
internal sealed class ReplDebugging(PromptScope scope, ReplOutput output, DebuggerStop? stop)
{
    /// <summary>The names of the commands, which exist only where evaluation has stopped.</summary>
    public static IReadOnlyList<string> Names { get; } = [":env", ":bt", ":backtrace", ":st", ":c", ":continue", ":s", ":step"];

    private IReadOnlyList<DebuggerFrame>? _frames;
    private int _chosen;

    /// <summary>Whether the next stop is wanted at the next call.</summary>
    public bool WantsStep { get; private set; }

    public IReadOnlyList<ReplCommandEntry> Commands =>
    [
        new([":env"], "", "Show env stack", _ => Always(ShowScopes)),
        new([":bt", ":backtrace"], "", "Show trace stack", _ => Always(ShowFrames)),
        new([":st"], "[idx]", "Show current trace, or change to another in the stack", a => Always(() => Choose(a))),
        new([":c", ":continue"], "", "Go until end of program, exception, or builtins.break", _ => GoOn(false)),
        new([":s", ":step"], "", "Go one step", _ => GoOn(true)),
    ];

    private IReadOnlyList<DebuggerFrame> Frames => _frames ??= stop?.FindFrames() ?? [];

    /// <summary>Makes variables of what is in sight in the chosen frame.</summary>
    public void LoadScopes()
    {
        scope.Clear();
        if (_chosen >= Frames.Count)
        {
            return;
        }

        // The language's own variables are there anyway; inner scopes hide outer ones, so they come last.
        foreach (var level in Frames[_chosen].FindLevels().SkipLast(1).Reverse())
        {
            var set = new AttributeSetBuilder(level.Variables.Count);
            foreach (var (name, value) in level.Variables)
            {
                set.Add(name, value);
            }

            scope.Add(set.Build());
        }
    }

    private static ReplStep Always(Action work)
    {
        work();
        return ReplStep.Done;
    }

    private ReplStep GoOn(bool step)
    {
        if (stop is null)
        {
            throw new UsageException("nothing is stopped here, so nothing can go on");
        }

        WantsStep = step;
        return ReplStep.Continue;
    }

    private void ShowFrames()
    {
        for (var i = 0; i < Frames.Count; i++)
        {
            Show(i);
        }
    }

    private void Choose(string index)
    {
        _chosen = int.TryParse(index, out var number) && number >= 0 ? number : _chosen;
        if (_chosen < Frames.Count)
        {
            Show(_chosen);
            output.Line("");
            ShowScopes();
            LoadScopes();
        }
    }

    private void Show(int index)
    {
        var frame = Frames[index];
        var ansi = output.Ansi;
        output.Line($"\n{ansi.Place(index.ToString())}: {(frame.IsFailure ? ansi.Error("error:") + " " : "")}{frame.Doing}");
        if (frame.Source is not { } source || frame.Position == 0)
        {
            return;
        }

        var at = source.Locate(frame.Position);
        output.Line($"{ansi.Bold($"{source.Origin}:{at.Line}:{at.Column}")}\n");
        foreach (var line in (ReadOnlySpan<int>)[at.Line - 1, at.Line, at.Line + 1])
        {
            if (line < 1 || (line > at.Line && source.Line(line).IsEmpty && !IsLine(source.Bytes, source.Locate(int.MaxValue).Line, line)))
            {
                continue;
            }

            output.Line($"{line,6}| {Encoding.UTF8.GetString(source.Line(line))}");
            if (line == at.Line)
            {
                output.Line($"      | {new string(' ', at.Column - 1)}{ansi.Error("^")}");
            }
        }
    }

    private static bool IsLine(byte[] text, int last, int line) => line < last || (line == last && text.Length > 0 && text[^1] != '\n');

    private void ShowScopes()
    {
        if (_chosen >= Frames.Count)
        {
            return;
        }

        var levels = Frames[_chosen].FindLevels();
        for (var i = 0; i < levels.Count; i++)
        {
            var names = string.Concat(levels[i].Variables.Select(v => v.Name.ToString())
                .Where(n => i < levels.Count - 1 || !n.StartsWith("__", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n => n + " "));
            output.Line($"Env level {i}");
            if (i == levels.Count - 1)
            {
                output.Line(names);
            }
            else
            {
                output.Line($"static: {(levels[i].IsWith ? "" : names)}");
                if (levels[i] is { IsWith: true, IsKnown: true })
                {
                    output.Line($"with: {names}");
                }
            }

            output.Line("");
        }
    }
}
