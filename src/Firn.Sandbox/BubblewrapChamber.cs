using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Firn.Building;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Files;
using Firn.Platform.Processes;
using Firn.Sandbox.Seccomp;
using Firn.Sandbox.Users;

namespace Firn.Sandbox;

/// <summary>Runs a builder in namespaces that bubblewrap makes: it sees its inputs and nothing else.</summary>
internal sealed partial class BubblewrapChamber : IBuildChamber
{
    private const int ArgumentsDescriptor = 3;
    private const int StatusDescriptor = 4;

    private readonly ChamberRequest _request;
    private readonly SandboxSettings _settings;
    private readonly string _program;
    private readonly BuildDirectory _directory;
    private readonly BuildUser? _user;
    private readonly SandboxRoot _root;
    private readonly SortedDictionary<string, SandboxMount> _mounts = new(Utf8Order.Comparer);
    private readonly Pipe _status = new();
    private string _statusText = "";
    private bool _isKilled;

    public BubblewrapChamber(
        ChamberRequest request, SandboxSettings settings, string program, BuildDirectory directory, BuildUser? user,
        Func<string, IEnumerable<SandboxPath>> hook)
    {
        (_request, _settings, _program, _directory, _user) = (request, settings, program, directory, user);
        _root = SandboxRoot.Create(request, BuildDirectory, user, (1000, 100));
        try
        {
            foreach (var path in new HostPaths(request, settings).List().Concat(hook(_root.Path)))
            {
                Add(path, MountKind.Plain);
            }

            foreach (var input in request.Inputs)
            {
                Add(new(request.Directory.Absolute(input), $"{request.RealStoreDirectory}/{input}", false), MountKind.ReadOnly);
            }

            foreach (var output in request.KnownOutputs)
            {
                _mounts.Remove(request.Directory.Absolute(output));
            }

            Add(new(BuildDirectory, directory.Path, false), MountKind.Plain);
            foreach (var mount in _mounts.Values)
            {
                AddMountPoint(mount);
            }

            _root.Seal();
        }
        catch
        {
            _root.Dispose();
            throw;
        }
    }

    public string BuildDirectory => _settings.SandboxBuildDir;

    public string RealBuildDirectory => _directory.Path;

    public bool HidesOutputs => true;

    public (uint First, uint Last)? Users => _user?.Range;

    public string RealPath(StorePath output) => $"{_root.StorePath}/{output}";

    public void Show(StorePath path)
    {
        // Some are there because settings show them to every build.
        if (!_mounts.ContainsKey(_request.Directory.Absolute(path)))
        {
            using var store = DirectoryHandle.OpenFollowing(_request.RealStoreDirectory);
            _root.Show(store, path);
        }
    }

    public void AddFile(string name, ReadOnlySpan<byte> content) => _directory.AddFile(name, content);

    public ChildProcess Start(BuilderCommand command, PseudoTerminal terminal)
    {
        if (!SandboxPath.MayHold(_mounts.Keys, command.Program.ToString()))
        {
            throw new ProcessException($"executing '{command.Program}': No such file or directory");
        }

        var output = (int)terminal.Theirs.DangerousGetHandle();
        var child = Start(command, [new(output, 1), new(output, 2), new((int)_status.Writing.DangerousGetHandle(), StatusDescriptor)], isShell: false);
        _status.Writing.Dispose();
        return child;
    }

    public ChildProcess StartShell(BuilderCommand command) => Start(command, [new(0, 0), new(1, 1), new(2, 2)], isShell: true);

    private ChildProcess Start(BuilderCommand command, ImmutableArray<PassedDescriptor> descriptors, bool isShell)
    {
        using var arguments = MemoryFile.Holding(BubblewrapArguments.Write(new SandboxPlan
        {
            Root = _root.Path,
            HasNetwork = !_request.IsIsolated,
            HasOwnSession = !isShell,
            HasOwnDevices = !_mounts.ContainsKey("/dev"),
            SharedMemorySize = SharedMemory.Parse(_settings.SandboxDevShmSize),
            Mounts = [.. _mounts.Values.Where(m => !SourceIsLink(m))],
            Directory = BuildDirectory,
            Variables = command.Variables,
        }));
        string[] words = isShell ? ["bwrap", "--args", "3", "--"] : ["bwrap", "--args", "3", "--json-status-fd", "4", "--"];
        return Start(new ChildOptions
        {
            Program = ByteString.Of(_program),
            Arguments = [.. words.Select(ByteString.Of), command.Program, .. command.Arguments],
            Descriptors = [.. descriptors, new((int)arguments.DangerousGetHandle(), ArgumentsDescriptor)],
            Directory = "/",
            Credentials = _user?.Credentials,
            Groups = _user is not null ? GroupDropping.None
                : _settings.RequireDropSupplementaryGroups ? GroupDropping.Required : GroupDropping.WherePossible,
            LeadsSession = !isShell,
            ScopesAbstractSockets = !_request.IsIsolated,
            SyscallFilter = _settings.FilterSyscalls ? SyscallFilter.Program : [],
            GainsNoPrivileges = _settings.FilterSyscalls,
            Personality = BuilderPersonality.Of(_request.Derivation.Platform, _settings),
            CreationMask = 0x12,
        });
    }

    public ProcessEnd Stop(ChildProcess child)
    {
        if (child.Wait(TimeSpan.Zero) is { } ended)
        {
            return ended;
        }

        // When the first process of a process namespace dies, all others are dead before its parent hears of it.
        _isKilled = true;
        ReadStatus();
        if (ChildNumber().Match(_statusText) is { Success: true } match)
        {
            ForeignProcess.Kill(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            if (child.Wait(TimeSpan.FromSeconds(5)) is { } end)
            {
                return end;
            }
        }

        child.Kill();
        return child.Wait();
    }

    public SetupFailure? FindSetupFailure(IReadOnlyCollection<string> lastLines)
    {
        ReadStatus();
        if (_isKilled || _statusText.Contains("\"exit-code\"", StringComparison.Ordinal)
            || lastLines.LastOrDefault(l => l.StartsWith("bwrap: ", StringComparison.Ordinal)) is not { } line)
        {
            return null;
        }

        var message = line["bwrap: ".Length..];
        return message.StartsWith("execvp ", StringComparison.Ordinal)
            ? new SetupFailure(message, IsBuilderMissing: true, CanRetryOutside: false)
            : new SetupFailure(
                $"while setting up the build environment: {message}", IsBuilderMissing: false,
                _settings.SandboxFallback && !_statusText.Contains("child-pid", StringComparison.Ordinal));
    }

    public string KeepBuildDirectory() => _directory.Keep();

    public void KeepOutputs(IEnumerable<StorePath> outputs)
    {
        foreach (var output in outputs)
        {
            var target = $"{_request.RealStoreDirectory}/{output}";
            if (PathStatus.Exists(RealPath(output)) && !PathStatus.Exists(target))
            {
                FilePath.Rename(RealPath(output), target);
            }
        }
    }

    public void Dispose()
    {
        _status.Dispose();
        _root.Dispose();
        _directory.Dispose();
        _user?.Dispose();
    }

    [GeneratedRegex("\"child-pid\": ([0-9]+)")]
    private static partial Regex ChildNumber();

    private static ChildProcess Start(ChildOptions options)
    {
        try
        {
            return ChildProcess.Start(options);
        }
        catch (ProcessException e)
        {
            throw new BuildException(BuildStatus.MiscFailure, new Diagnostic(BuildErrors.Sandbox, $"while setting up the build environment: {e.Message}"));
        }
    }

    private static bool SourceIsLink(SandboxMount mount) => PathStatus.Find(mount.Source) is { IsSymlink: true };

    private void ReadStatus() => _statusText += Encoding.UTF8.GetString(_status.ReadAvailable());

    private void Add(SandboxPath path, MountKind kind)
    {
        // Older configurations list it, and every build has one of its own.
        if (path.Source != "/proc" && !(path.IsOptional && !PathStatus.Exists(path.Source)))
        {
            _mounts[path.Target] = new SandboxMount(
                path.Source, path.Target, path.Source.StartsWith("/dev/", StringComparison.Ordinal) ? MountKind.Device : kind);
        }
    }

    private void AddMountPoint(SandboxMount mount)
    {
        var status = PathStatus.Get(mount.Source);
        if (status.IsSymlink)
        {
            _root.AddLink(mount.Target, SymbolicLink.Read(mount.Source));
        }
        else
        {
            _root.AddMountPoint(mount.Target, status.IsDirectory);
        }
    }
}
