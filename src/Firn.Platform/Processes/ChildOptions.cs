using System.Collections.Immutable;
using Firn.Model.Text;

namespace Firn.Platform.Processes;

/// <summary>All that decides how a process starts; it inherits nothing else.</summary>
public sealed record ChildOptions
{
    /// <summary>The program's file; no path is searched.</summary>
    public required ByteString Program { get; init; }

    /// <summary>The arguments, the program's own name first.</summary>
    public required ImmutableArray<ByteString> Arguments { get; init; }

    /// <summary>The environment, each as <c>name=value</c>.</summary>
    public ImmutableArray<ByteString> Environment { get; init; } = [];

    /// <summary>The descriptors it has, by the numbers it sees; those below 3 that are missing are <c>/dev/null</c>.</summary>
    public ImmutableArray<PassedDescriptor> Descriptors { get; init; } = [];

    /// <summary>Where it starts; null where this process is.</summary>
    public string? Directory { get; init; }

    /// <summary>Whom it runs as; null as this process. Needs root.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>Whether it gives up the further groups that we are in.</summary>
    public GroupDropping Groups { get; init; }

    /// <summary>Whether it leads a session of its own, so that no signal of our terminal reaches it.</summary>
    public bool LeadsSession { get; init; }

    /// <summary>Whether it and its children may never gain privileges.</summary>
    public bool GainsNoPrivileges { get; init; }

    /// <summary>Whether it cannot reach abstract sockets of others, where the kernel knows how (Linux 6.12).</summary>
    public bool ScopesAbstractSockets { get; init; }

    /// <summary>A program for seccomp(2) that decides on each system call; empty for none.</summary>
    public ImmutableArray<byte> SyscallFilter { get; init; } = [];

    /// <summary>What the kernel pretends to be.</summary>
    public Personality Personality { get; init; }

    /// <summary>What is taken off the mode of files that it creates.</summary>
    public uint? CreationMask { get; init; }
}

/// <summary>A descriptor of ours and the number it gets in a child.</summary>
public readonly record struct PassedDescriptor(int Ours, int Theirs);

/// <summary>A user, a group and further groups.</summary>
public sealed record Credentials(uint User, uint Group, ImmutableArray<uint> OtherGroups);

/// <summary>Whether a process gives up groups.</summary>
public enum GroupDropping
{
    /// <summary>It keeps them.</summary>
    None,

    /// <summary>It gives them up if the system lets it.</summary>
    WherePossible,

    /// <summary>It is not started when it cannot give them up.</summary>
    Required,
}

/// <summary>Flags of personality(2).</summary>
[Flags]
public enum Personality
{
    None = 0,

    /// <summary>A 32-bit machine.</summary>
    Linux32 = 0x8,

    /// <summary>A kernel 2.6.</summary>
    Linux26 = 0x20000,

    /// <summary>Addresses are the same in each run.</summary>
    NoRandomAddresses = 0x40000,
}
