using System.Diagnostics;
using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;

namespace Firn.Sessions.Ports;

/// <summary>The world of one session, as evaluation sees it.</summary>
public sealed class EvaluationHost(
    EvaluationStore store, IEvaluationFetcher fetcher, IFlakes flakes, Func<string, string?> environment, IMessageLog log, TimeProvider time) : IEvaluationHost
{
    public IFileTree Files { get; } = new DiskFiles();

    public IEvaluationStore Store => store;

    public IEvaluationFetcher Fetcher => fetcher;

    public IFlakes Flakes => flakes;

    public long CurrentTime { get; } = time.GetUtcNow().ToUnixTimeSeconds();

    public string? FindEnvironmentVariable(string name) => environment(name);

    public byte[] Execute(IReadOnlyList<string> command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true })
            ?? throw new SessionException(SessionErrors.Program, $"the program '{command[0]}' cannot be started");
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new SessionException(SessionErrors.Program, $"program '{command[0]}' failed with exit code {process.ExitCode}");
    }

    public void Tell(MessageKind kind, string text)
    {
        switch (kind)
        {
            case MessageKind.Warning:
                log.Write(Verbosity.Warning, text);
                break;
            case MessageKind.WarningOfExpression when log.Shows(Verbosity.Warning):
                log.Write(Verbosity.Error, "evaluation warning: " + text);
                break;
            case MessageKind.Trace:
                log.Write(Verbosity.Error, "trace: " + text);
                break;
        }
    }
}
