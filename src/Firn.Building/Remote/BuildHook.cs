using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Building.Running;
using Firn.Building.Scheduling;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store.Local;

namespace Firn.Building.Remote;

/// <summary>Takes builds to other machines for another program, which asks for each whether one would be taken.</summary>
/// <param name="store">Where inputs are and outputs go; who asks holds the locks of the outputs.</param>
/// <param name="remote">The machines.</param>
/// <param name="settings">How to build.</param>
/// <param name="allowsContentAddressing">Whether outputs may be named by their content.</param>
/// <param name="log">Is told what happens.</param>
public sealed class BuildHook(LocalStore store, RemoteBuilds remote, BuildSettings settings, bool allowsContentAddressing, IActivityLog log)
{
    /// <summary>Decides about a derivation; does not wait until a machine has room.</summary>
    public HookAnswer Answer(HookQuestion question)
    {
        var couldBuildHere = settings.MaxJobs > 0
            && (question.System == settings.System || settings.ExtraPlatforms.Contains(question.System))
            && question.Features.All(settings.SystemFeatures.Contains);
        while (remote.TryTakeSlot(question.System, question.Features) is var (machine, slot))
        {
            var activity = log.Start(Verbosity.Talkative, ActivityKind.Unknown, $"connecting to '{machine.Uri}'", 0);
            var told = new RemoteLog(log, activity, null);
            if (remote.TryOpen(machine, told, told.AddLine) is { } there)
            {
                return new HookAnswer.Accepted(machine, (inputs, cancellation) => Build(question.Derivation, machine, there, inputs, cancellation), () =>
                {
                    log.Stop(activity);
                    there.Dispose();
                    slot.Dispose();
                });
            }

            log.Stop(activity);
            slot.Dispose();
        }

        if (remote.CanBuild(question.System, question.Features) && !(question.HasRoom && couldBuildHere))
        {
            return HookAnswer.Postponed.Instance;
        }

        log.Write(couldBuildHere ? Verbosity.Chatty : Verbosity.Warning, remote.Describe(question.Derivation, question.System, question.Features));
        return HookAnswer.Declined.Instance;
    }

    private void Build(StorePath path, Machine machine, MachineStore there, IEnumerable<StorePath> inputs, CancellationToken cancellation)
    {
        var derivation = store.Read(path);
        var known = new KnownOutputs(store, new DerivationSources(store, null), allowsContentAddressing);
        var result = remote.Build(machine, there, new BuildJob
        {
            Path = path,
            Derivation = derivation,
            Options = DerivationOptions.Read(derivation, store.Directory, isResolved: true),
            Mode = BuildMode.Normal,
            Inputs = [.. inputs],
            Outputs = derivation.Outputs.ToImmutableSortedDictionary(
                o => o.Name, o => known.Find(path, derivation, o.Name, checksContent: false), Utf8Order.Comparer),
        }, cancellation);
        if (!result.IsSuccess)
        {
            throw new BuildException(result.Status, result.Failure!);
        }

        if (allowsContentAddressing)
        {
            foreach (var (name, output) in result.Outputs)
            {
                store.Register(new Realisation(known.Id(derivation, name), output));
            }
        }
    }
}

/// <summary>A derivation that somebody would like to be built elsewhere.</summary>
/// <param name="System">The system type that it is for.</param>
/// <param name="Derivation">The derivation.</param>
/// <param name="Features">What a machine must offer.</param>
/// <param name="HasRoom">Whether who asks could build it now.</param>
public sealed record HookQuestion(string System, StorePath Derivation, IReadOnlySet<string> Features, bool HasRoom);

/// <summary>What becomes of a derivation that could be built elsewhere.</summary>
public abstract record HookAnswer
{
    private HookAnswer() { }

    /// <summary>No machine will ever take it.</summary>
    public sealed record Declined : HookAnswer
    {
        public static Declined Instance { get; } = new();
    }

    /// <summary>All machines for it are busy.</summary>
    public sealed record Postponed : HookAnswer
    {
        public static Postponed Instance { get; } = new();
    }

    /// <summary>A machine waits for its inputs.</summary>
    /// <param name="Machine">Which.</param>
    /// <param name="Build">Takes the inputs there, builds, and takes the outputs back.</param>
    /// <param name="Release">Lets the machine go.</param>
    public sealed record Accepted(Machine Machine, Action<IEnumerable<StorePath>, CancellationToken> Build, Action Release) : HookAnswer, IDisposable
    {
        public void Dispose() => Release();
    }
}
