using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Runs the program <c>git</c>.</summary>
/// <param name="cancellationToken">Ends what is running.</param>
internal sealed class GitProgram(CancellationToken cancellationToken)
{
    /// <summary>What would make git look at another repository than the one it is told of.</summary>
    private static readonly string[] _misleading =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX",
    ];

    /// <summary>Runs git and returns what it prints.</summary>
    /// <exception cref="FetchException">It fails, or there is no git.</exception>
    internal byte[] Run(IReadOnlyList<string> arguments, byte[]? input = null, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var result = TryRun(arguments, input, environment);
        return result.Status == 0
            ? result.Output
            : throw new FetchException(FetchErrors.Git, $"'git {string.Join(' ', arguments)}' failed with status {result.Status}:\n{result.Errors.TrimEnd()}");
    }

    /// <summary>Runs git and returns its status and what it prints.</summary>
    /// <exception cref="FetchException">There is no git.</exception>
    internal GitResult TryRun(IReadOnlyList<string> arguments, byte[]? input = null, params ReadOnlySpan<(string Name, string Value)> environment)
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
        return new GitResult(process.ExitCode, output.ToArray(), errors.ToString());
    }

    /// <summary>Starts git; the caller talks to it.</summary>
    internal Process Start(IReadOnlyList<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo("git")
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

        foreach (var name in _misleading)
        {
            start.Environment.Remove(name);
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
            throw new FetchException(FetchErrors.Git, "the program 'git' is needed to fetch from Git repositories, and it cannot be found in PATH", 1,
                "install git, for instance with 'apt-get install git'");
        }
    }

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

/// <summary>How git ended and what it printed.</summary>
internal readonly record struct GitResult(int Status, byte[] Output, string Errors)
{
    internal string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');
}
