using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Transfers;

namespace Firn.Fetching.Schemes;

/// <summary>Runs the program that knows one kind of repository: git or hg.</summary>
/// <param name="facts">Which one.</param>
/// <param name="cancellationToken">Ends what is running.</param>
internal abstract class RepositoryProgram(ProgramFacts facts, CancellationToken cancellationToken)
{
    /// <summary>Runs it and returns what it prints.</summary>
    /// <exception cref="FetchException">It fails, or it is not installed.</exception>
    internal byte[] Run(IReadOnlyList<string> arguments, byte[]? input = null, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var result = TryRun(arguments, input, environment);
        return result.Status == 0
            ? result.Output
            : throw new FetchException(
                facts.Failure, $"'{facts.Command} {string.Join(' ', arguments.Select(UrlRedaction.Redact))}' failed with status {result.Status}:\n{result.Errors.TrimEnd()}");
    }

    /// <summary>Runs it and returns its status and what it prints.</summary>
    /// <exception cref="FetchException">It is not installed.</exception>
    internal ProgramResult TryRun(IReadOnlyList<string> arguments, byte[]? input = null, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        using var process = Start(arguments, environment);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var writer = new Thread(() => WriteInput(process, input));
        writer.Start();
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        writer.Join();
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return new ProgramResult(process.ExitCode, output.ToArray(), Redact(errors.ToString(), arguments));
    }

    /// <summary>Starts it; the caller talks to it.</summary>
    internal Process Start(IReadOnlyList<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(facts.Command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in facts.Environment)
        {
            // Null takes a variable away.
            start.Environment[name] = value;
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start)!;
            cancellationToken.Register(process.Kill);
            return process;
        }
        catch (Win32Exception)
        {
            throw new FetchException(facts.Failure, $"the program '{facts.Command}' is needed to fetch from {facts.Kind} repositories, and it cannot be found in PATH", 1,
                $"install it, for instance with 'apt-get install {facts.Package}'");
        }
    }

    /// <summary>Takes the passwords of URLs out of what the program repeats of its arguments.</summary>
    private static string Redact(string text, IEnumerable<string> arguments) =>
        arguments.Where(a => UrlRedaction.Redact(a) != a).Aggregate(text, (shown, url) => shown.Replace(url, UrlRedaction.Redact(url), StringComparison.Ordinal));

    private static void WriteInput(Process process, byte[]? input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; its status says why.
        }
    }
}

/// <summary>What the program for one kind of repository is.</summary>
/// <param name="Command">Its name.</param>
/// <param name="Kind">The kind of repository, as people say it.</param>
/// <param name="Package">What Debian calls the package that it is in.</param>
/// <param name="Failure">The code of errors that come from it.</param>
/// <param name="Environment">Variables that it gets; null takes one away.</param>
internal sealed record ProgramFacts(string Command, string Kind, string Package, ErrorCode Failure, IReadOnlyDictionary<string, string?> Environment);

/// <summary>How the program ended and what it printed.</summary>
internal readonly record struct ProgramResult(int Status, byte[] Output, string Errors)
{
    internal string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');

    /// <summary>What it printed with a zero byte behind each.</summary>
    internal static IEnumerable<string> SplitAtZero(byte[] output) =>
        Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
