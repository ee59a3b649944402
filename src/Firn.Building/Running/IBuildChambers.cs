using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Building.Running;

/// <summary>Gives builds places to run in.</summary>
public interface IBuildChambers
{
    /// <summary>Whether builders run as users of their own, who may not read what this process may.</summary>
    bool HasBuildUsers { get; }

    /// <summary>What a fixed-output build sees of this machine under its own name, besides its inputs; null when that is all of it.</summary>
    IReadOnlyList<string>? HostPaths { get; }

    /// <summary>Whether a builder at a path could be seen by a build; when not, any place will do to find that it is missing.</summary>
    bool MayShow(string builder, StoreDirectory directory);

    /// <summary>Makes a place for one build, or returns null when all users that builds run as are busy.</summary>
    /// <exception cref="BuildException">The derivation asks for what is not allowed, or the system does not offer it.</exception>
    IBuildChamber? TryOpen(ChamberRequest request);

    /// <summary>Returns the value of a variable that a fixed-output build asked for by <c>impureEnvVars</c>.</summary>
    string FindImpureVariable(string name);
}

/// <summary>A place where one builder runs; disposing it kills what is left and removes the build directory.</summary>
public interface IBuildChamber : IDisposable
{
    /// <summary>The build directory as the builder sees it.</summary>
    string BuildDirectory { get; }

    /// <summary>The build directory on this machine's disk.</summary>
    string RealBuildDirectory { get; }

    /// <summary>Whether outputs are made where no other process sees them, so that they may have their own names at once.</summary>
    bool HidesOutputs { get; }

    /// <summary>Whom the builder's files belong to, first and last user id; null when that is us.</summary>
    (uint First, uint Last)? Users { get; }

    /// <summary>Where an output that the builder makes is on this machine's disk.</summary>
    string RealPath(StorePath output);

    /// <summary>Lets the builder see an object that is no input of it, while it runs.</summary>
    void Show(StorePath path);

    /// <summary>Puts a file into the build directory.</summary>
    void AddFile(string name, ReadOnlySpan<byte> content);

    /// <summary>Starts the builder.</summary>
    ChildProcess Start(BuilderCommand command, PseudoTerminal terminal);

    /// <summary>Starts a shell in the same place, after the builder, with this process's own input and output.</summary>
    ChildProcess StartShell(BuilderCommand command);

    /// <summary>Kills all processes of the build, and returns once they are gone.</summary>
    ProcessEnd Stop(ChildProcess child);

    /// <summary>Tells why the builder was never started, once it is stopped; null when it was.</summary>
    /// <param name="lastLines">The last that came out.</param>
    SetupFailure? FindSetupFailure(IReadOnlyCollection<string> lastLines);

    /// <summary>Leaves the build directory for a person, and returns where it is.</summary>
    string KeepBuildDirectory();

    /// <summary>Moves what the builder made to the store, though it is not valid, for a person to look at.</summary>
    void KeepOutputs(IEnumerable<StorePath> outputs);
}

/// <summary>Why a builder was never started.</summary>
/// <param name="Message">What went wrong.</param>
/// <param name="IsBuilderMissing">Whether the sandbox was there but the builder's program was not.</param>
/// <param name="CanRetryOutside">Whether the system has no sandbox to offer and settings allow to do without.</param>
public sealed record SetupFailure(string Message, bool IsBuilderMissing, bool CanRetryOutside);

/// <summary>What a builder's place is made for.</summary>
public sealed record ChamberRequest
{
    /// <summary>The derivation.</summary>
    public required StorePath Path { get; init; }

    public required Derivation Derivation { get; init; }

    public required DerivationOptions Options { get; init; }

    /// <summary>The directory that store paths are spelled with.</summary>
    public required StoreDirectory Directory { get; init; }

    /// <summary>Where the store is on this machine's disk.</summary>
    public required string RealStoreDirectory { get; init; }

    /// <summary>Where the store keeps its state.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The closure of the inputs.</summary>
    public required IReadOnlyCollection<StorePath> Inputs { get; init; }

    /// <summary>The paths of outputs that are known before the build.</summary>
    public required IReadOnlyCollection<StorePath> KnownOutputs { get; init; }

    /// <summary>Finds closures, for host paths that lie in the store.</summary>
    public required Func<StorePath, IEnumerable<StorePath>> FindClosure { get; init; }

    /// <summary>Where build directories are made; null for the store's own place.</summary>
    public string? BuildsDirectory { get; init; }

    /// <summary>A program that may name further paths to show, or null.</summary>
    public string? PreBuildHook { get; init; }

    /// <summary>Certificates for builds with a network, or null.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>What this machine offers.</summary>
    public ImmutableSortedSet<string> SystemFeatures { get; init; } = ImmutableSortedSet.Create<string>(Utf8Order.Comparer);

    /// <summary>The program that builds for another system than this machine's, or null.</summary>
    public ExternalBuilder? External { get; init; }

    /// <summary>Whether to go without a sandbox because the system turned out to have none.</summary>
    public bool WithoutSandbox { get; init; }

    /// <summary>Whether the build is cut off from the network and all else: all but fixed-output and impure builds are.</summary>
    public bool IsIsolated => !Derivation.IsFixed && !Derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure);
}

/// <summary>What a builder is started with; texts are final.</summary>
/// <param name="Program">The builder.</param>
/// <param name="Arguments">Its arguments, without its own name.</param>
/// <param name="Variables">Its environment.</param>
public sealed record BuilderCommand(
    ByteString Program, ImmutableArray<ByteString> Arguments, IReadOnlyDictionary<ByteString, ByteString> Variables)
{
    /// <summary>Where it is to make each output.</summary>
    public IReadOnlyDictionary<string, StorePath> Outputs { get; init; } = new Dictionary<string, StorePath>();
}
