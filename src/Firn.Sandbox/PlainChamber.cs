using System.Collections.Immutable;
using Firn.Building.Running;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Linux;
using Firn.Platform.Processes;
using Firn.Sandbox.Seccomp;
using Firn.Sandbox.Users;

namespace Firn.Sandbox;

/// <summary>Runs a builder without a sandbox: it sees the machine as it is, but for the environment.</summary>
internal sealed class PlainChamber(ChamberRequest request, SandboxSettings settings, BuildDirectory directory, BuildUser? user, OrphanWatch watch) : IBuildChamber
{
    public string BuildDirectory => directory.Path;

    public string RealBuildDirectory => directory.Path;

    public bool HidesOutputs => false;

    public (uint First, uint Last)? Users => user?.Range;

    public string RealPath(StorePath output) => $"{request.RealStoreDirectory}/{output}";

    // It sees the whole store.
    public void Show(StorePath path) { }

    public void AddFile(string name, ReadOnlySpan<byte> content) => directory.AddFile(name, content);

    public ChildProcess Start(BuilderCommand command, PseudoTerminal terminal)
    {
        var output = (int)terminal.Theirs.DangerousGetHandle();
        var child = Start(command, [new(output, 1), new(output, 2)], isShell: false);
        watch.Add(child.Id);
        return child;
    }

    public ChildProcess StartShell(BuilderCommand command) => Start(command, [new(0, 0), new(1, 1), new(2, 2)], isShell: true);

    private ChildProcess Start(BuilderCommand command, ImmutableArray<PassedDescriptor> descriptors, bool isShell) =>
        ChildProcess.Start(new ChildOptions
        {
            Program = command.Program,
            Arguments = [BaseName(command.Program), .. command.Arguments],
            Environment = [.. command.Variables.Select(v => new ByteString([.. v.Key.Span, (byte)'=', .. v.Value.Span]))],
            Descriptors = descriptors,
            Directory = directory.Path,
            Credentials = user?.Credentials,
            LeadsSession = !isShell,
            GainsNoPrivileges = !settings.AllowNewPrivileges,
            ScopesAbstractSockets = !request.IsIsolated && !settings.AllowNewPrivileges,
            SyscallFilter = settings.FilterSyscalls && (!settings.AllowNewPrivileges || CurrentUser.IsRoot) ? SyscallFilter.Program : [],
            Personality = BuilderPersonality.Of(request.Derivation.Platform, settings),
            CreationMask = 0x12,
        });

    public ProcessEnd Stop(ChildProcess child)
    {
        var end = child.Wait(TimeSpan.Zero);
        child.KillGroup();
        watch.Remove(child.Id);
        if (user is not null)
        {
            UserProcesses.Kill(user.Credentials);
        }

        return end ?? child.Wait();
    }

    public SetupFailure? FindSetupFailure(IReadOnlyCollection<string> lastLines) => null;

    public string KeepBuildDirectory() => directory.Keep();

    // They are in the store already.
    public void KeepOutputs(IEnumerable<StorePath> outputs) { }

    public void Dispose()
    {
        directory.Dispose();
        user?.Dispose();
    }

    private static ByteString BaseName(ByteString path) => new(path.Span[(path.Span.LastIndexOf((byte)'/') + 1)..].ToArray());
}
