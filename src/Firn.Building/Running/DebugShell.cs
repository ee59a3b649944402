using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Running;

/// <summary>A shell in the place of a build that failed: the same sandbox, directory, environment and phases.</summary>
/// <param name="Command">What it runs; null for a person who types.</param>
public sealed record DebugShell(string? Command)
{
    /// <summary>The file in the build directory by which the shell gets the phases.</summary>
    private const string StartFile = ".firn-debug";

    /// <summary>Runs it, and returns when it ends.</summary>
    internal void Run(
        BuildJob job, IBuildChamber chamber, BuilderCommand command, StoreDirectory directory, IMessageLog log, Diagnostic failure)
    {
        chamber.AddFile(StartFile, Encoding.UTF8.GetBytes(StartScript(job)));
        var isBash = Path.GetFileName(command.Program.ToString()) is "bash";
        var shell = isBash || Path.GetFileName(command.Program.ToString()) is "sh" ? command.Program : ByteString.Of("/bin/sh");
        var start = $"{chamber.BuildDirectory}/{StartFile}";
        log.Write(Verbosity.Error, "error: " + failure.Message.Replace("\n", "\n       ", StringComparison.Ordinal));
        log.Write(
            Verbosity.Error,
            $"note: a shell in the place of '{directory.Absolute(job.Path)}', in {chamber.BuildDirectory}"
            + (Command is null ? "; 'runPhase buildPhase' runs a phase of the standard environment, 'exit' ends it" : ""));
        string[] arguments = Command is null
            ? isBash ? ["--noprofile", "--rcfile", start, "-i"] : ["-i"]
            : ["-c", $". '{start}'\n{Command}"];
        var variables = new Dictionary<ByteString, ByteString>(command.Variables)
        {
            [ByteString.Of("TERM")] = ByteString.Of(Environment.GetEnvironmentVariable("TERM") ?? "dumb"),
            // By this a plain shell finds the file that bash is told of.
            [ByteString.Of("ENV")] = ByteString.Of(start),
        };
        using var child = chamber.StartShell(new BuilderCommand(shell, [.. arguments.Select(ByteString.Of)], variables));
        var end = child.Wait();
        if (!end.IsSuccess)
        {
            log.Write(Verbosity.Info, $"note: the shell {end}");
        }
    }

    // What the standard environment's setup defines are functions, which no environment carries. It ends at the first
    // command that fails, which is not what a person who looks around wants.
    private static string StartScript(BuildJob job) => $$"""
        if [ -e .attrs.sh ] && [ -n "${BASH_VERSION-}" ]; then . ./.attrs.sh; fi
        if [ -n "${stdenv-}" ] && [ -e "$stdenv/setup" ] && [ -n "${BASH_VERSION-}" ]; then . "$stdenv/setup"; fi
        set +e +u
        PS1='[{{job.Derivation.Name.Replace("'", "", StringComparison.Ordinal)}}:\w]$ '

        """;
}
