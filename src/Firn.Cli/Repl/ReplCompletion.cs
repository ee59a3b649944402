using Firn.Cli.Repl.Lines;
using Firn.Evaluation.Prompting;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Repl;

/// <summary>Says what could stand at the cursor: a command, a variable, an attribute, a file.</summary>
/// <param name="scope">The variables; to know a set's attributes it is evaluated.</param>
/// <param name="commands">The names of the commands.</param>
internal sealed class ReplCompletion(PromptScope scope, IEnumerable<string> commands)
{
    // What cannot be inside a variable, a path of attributes or a path of files.
    private const string Ends = " \t\r\n(){}[]=;,:!?<>@|&*$";

    public Completions Find(string before)
    {
        if (before.StartsWith(':'))
        {
            var space = before.IndexOf(' ');
            if (space < 0)
            {
                return new Completions(0, [.. commands.Where(c => c.StartsWith(before, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
            }

            if (before[..space] is ":l" or ":load")
            {
                return Files(before, before.Length - before[space..].TrimStart().Length);
            }
        }

        var start = before.AsSpan().LastIndexOfAny(Ends) + 1;
        var word = before[start..];
        return word.StartsWith('/') || word.StartsWith("./", StringComparison.Ordinal) || word.StartsWith("../", StringComparison.Ordinal) || word.StartsWith("~/", StringComparison.Ordinal)
            ? Files(before, start)
            : word.LastIndexOf('.') is >= 0 and var dot
                ? Attributes(start, word[..dot], word[(dot + 1)..])
                : new Completions(start, word.Length == 0 ? [] : [.. scope.Names.Where(n => n.StartsWith(word, StringComparison.Ordinal))]);
    }

    private Completions Attributes(int start, string target, string begun)
    {
        try
        {
            if (scope.ReadExpression(target) is not PromptInput.Term(var expression)
                || PromptValues.FindSet(scope.Evaluate(expression)) is not { } set)
            {
                return Completions.None;
            }

            var names = PromptValues.Names(scope.Evaluator, set)
                .Where(n => n.StartsWith(begun.TrimStart('"'), StringComparison.Ordinal)).Select(PromptScope.Written);
            return new Completions(start, [.. names.Select(n => $"{target}.{n}")]);
        }
        catch (FirnException)
        {
            // What is typed so far has no value: nothing can be said about what may follow.
            return Completions.None;
        }
        catch (OperationCanceledException)
        {
            return Completions.None;
        }
    }

    private static Completions Files(string before, int start)
    {
        var word = before[start..];
        var slash = word.LastIndexOf('/') + 1;
        var (folder, begun) = (word[..slash], word[slash..]);
        var real = folder.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable("HOME") + folder[1..] : folder;
        try
        {
            return new Completions(start,
            [
                .. new DirectoryInfo(real.Length == 0 ? "." : real).EnumerateFileSystemInfos()
                    .Where(e => e.Name.StartsWith(begun, StringComparison.Ordinal) && (begun.Length > 0 || e.Name[0] != '.'))
                    .Select(e => folder + e.Name + (Directory.Exists(e.FullName) ? "/" : "")).Order(StringComparer.Ordinal),
            ]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Completions.None;
        }
    }
}
