using System.Text;
using Firn.Platform.Processes;

namespace Firn.Cli.Repl.Lines;

/// <summary>Lines from a file or a pipe, shown behind their prompts as if somebody had typed them: the output reads as a transcript.</summary>
/// <param name="input">Where they come from.</param>
/// <param name="output">Where the transcript goes.</param>
/// <param name="echoes">Whether the lines are shown; a terminal shows them by itself.</param>
/// <param name="cancellation">Ends the input.</param>
internal sealed class PipedLines(InputBytes input, TextWriter output, bool echoes, Func<CancellationToken> cancellation) : ILineSource
{
    public LineRead Read(string prompt)
    {
        output.Write(prompt);
        output.Flush();
        if (ReadLine() is not { } line)
        {
            return new LineRead.End();
        }

        if (echoes)
        {
            output.Write(line + "\n");
            output.Flush();
        }

        return new LineRead.Line(line);
    }

    private string? ReadLine()
    {
        var bytes = new List<byte>();
        var token = cancellation();
        for (var next = input.Next(token); next != '\n'; next = input.Next(token))
        {
            if (next < 0)
            {
                return bytes.Count > 0 ? Text(bytes) : null;
            }

            bytes.Add((byte)next);
        }

        return Text(bytes);
    }

    private static string Text(List<byte> bytes) => Encoding.UTF8.GetString([.. bytes]);
}
