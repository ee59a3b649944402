using Firn.Cli.Rendering;
using Firn.Cli.Repl.Lines;
using Firn.Evaluation;
using Firn.Platform.Processes;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Repl;

/// <summary>Makes a prompt's parts for what this process is connected to: a terminal, or files and pipes.</summary>
internal static class ReplParts
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    /// <summary>What the prompt greets with.</summary>
    public static string Name => ProgramNames.Called() == "firn" ? $"Firn (Nix {Invocation.NixVersion})" : $"Nix {Invocation.NixVersion}";

    public static ReplOutput MakeOutput(Session session, Output output)
    {
        var knowsEscapes = session.Environment("TERM") is not (null or "" or "dumb") && session.Environment("NO_COLOR") is null or "";
        return new ReplOutput(
            output, (IDiagnosticLog)session.Log, Terminal.IsOutputTerminal && knowsEscapes, session.Environment("_NIX_TEST_RAW_MARKDOWN") == "1")
        {
            ShowsTrace = session.Get<SessionSettings>().ShowTrace,
        };
    }

    public static ILineSource MakeLines(Session session, Output output, Evaluator evaluator, Func<string, Completions> complete)
    {
        var input = new InputBytes(StandardInput);
        var isDumb = session.Environment("TERM") is null or "" or "dumb";
        if (Console.IsInputRedirected || !Terminal.IsOutputTerminal || isDumb)
        {
            return new PipedLines(input, output.Text, echoes: Console.IsInputRedirected, () => session.Cancellation);
        }

        return new TerminalLines(
            new KeyReader(input, () => session.Cancellation), output.Stream,
            new History(session.Directories.Data + "/repl-history", session.Log),
            before =>
            {
                session.ForgetInterruption();
                evaluator.ForgetInterruption();
                using var interruption = session.Cancellation.Register(evaluator.Interrupt);
                var found = complete(before);
                session.ForgetInterruption();
                return found;
            },
            () => RawTerminal.TryEnter(StandardInput), () => RawTerminal.WidthOf(StandardOutput));
    }
}
