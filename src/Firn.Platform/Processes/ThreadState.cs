using System.Runtime.InteropServices;

namespace Firn.Platform.Processes;

/// <summary>Gives the calling thread what the process that it starts next is to inherit.</summary>
internal static unsafe class ThreadState
{
    private const int UnshareFileSystemState = 0x200;
    private const int SetNoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const ulong SeccompFilter = 2;
    private const ulong QueryPersonality = 0xffffffff;
    private const int LandlockVersionOfScopes = 6;

    internal static void Take(ChildOptions options)
    {
        if (options.CreationMask is { } mask)
        {
            Check(LibcProcesses.Unshare(UnshareFileSystemState), "unsharing the creation mask");
            _ = LibcProcesses.SetCreationMask(mask);
        }

        if (options.Groups != GroupDropping.None)
        {
            DropGroups(options.Groups);
        }

        if (options.Credentials is { } credentials)
        {
            Become(credentials);
        }

        if (options.GainsNoPrivileges || options.ScopesAbstractSockets)
        {
            Check(LibcProcesses.ProcessControl(SetNoNewPrivileges, 1, 0, 0, 0), "giving up new privileges");
        }

        if (options.ScopesAbstractSockets)
        {
            ScopeAbstractSockets();
        }

        if (!options.SyscallFilter.IsEmpty)
        {
            Filter(options.SyscallFilter.AsSpan());
        }

        if (options.Personality != Personality.None)
        {
            var current = LibcProcesses.Personality(QueryPersonality);
            if (current != -1)
            {
                _ = LibcProcesses.Personality((ulong)(uint)current | (ulong)options.Personality);
            }
        }
    }

    private static void Become(Credentials credentials)
    {
        var numbers = Numbers.Current;
        fixed (uint* groups = credentials.OtherGroups.AsSpan())
        {
            Check(LibcProcesses.Call(numbers.SetGroups, credentials.OtherGroups.Length, (nint)groups, 0), "setting the groups of the build user");
        }

        Check(LibcProcesses.Call(numbers.SetGroup, (nint)credentials.Group, (nint)credentials.Group, (nint)credentials.Group), "becoming the build group");
        Check(LibcProcesses.Call(numbers.SetUser, (nint)credentials.User, (nint)credentials.User, (nint)credentials.User), "becoming the build user");
    }

    private static void DropGroups(GroupDropping dropping)
    {
        if (LibcProcesses.Call(Numbers.Current.SetGroups, 0, 0, 0) < 0 && dropping == GroupDropping.Required)
        {
            throw new ProcessException("setgroups failed. Set the require-drop-supplementary-groups option to false to skip this step.");
        }
    }

    private static void ScopeAbstractSockets()
    {
        var version = LibcProcesses.Call(Numbers.LandlockCreate, 0, 0, 1);
        if (version < LandlockVersionOfScopes)
        {
            return;
        }

        // Handled file accesses, handled network accesses, scopes: only abstract sockets (bit 0) are scoped.
        var rules = stackalloc ulong[3];
        (rules[0], rules[1], rules[2]) = (0, 0, 1);
        var set = (int)LibcProcesses.Call(Numbers.LandlockCreate, (nint)rules, 3 * sizeof(ulong), 0);
        Check(set, "making a landlock rule set");
        var result = LibcProcesses.Call(Numbers.LandlockRestrict, set, 0, 0);
        var error = Marshal.GetLastPInvokeError();
        _ = LibcProcesses.Close(set);
        if (result < 0)
        {
            throw ProcessException.Of("applying landlock", error);
        }
    }

    private static void Filter(ReadOnlySpan<byte> program)
    {
        const int instructionSize = 8;
        fixed (byte* instructions = program)
        {
            // struct sock_fprog: a count, padded, and a pointer.
            var header = stackalloc ulong[2];
            header[0] = (ulong)(program.Length / instructionSize);
            header[1] = (ulong)instructions;
            Check(LibcProcesses.ProcessControl(SetSeccomp, SeccompFilter, (ulong)header, 0, 0), "filtering system calls");
        }
    }

    private static void Check(nint result, string doing)
    {
        if (result < 0)
        {
            throw ProcessException.OfLast(doing);
        }
    }

    /// <summary>The numbers of system calls, which differ between machines.</summary>
    private sealed record Numbers(nint SetUser, nint SetGroup, nint SetGroups)
    {
        public const nint LandlockCreate = 444;
        public const nint LandlockRestrict = 446;

        public static Numbers Current { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? new(117, 119, 116)
            : new(147, 149, 159);
    }
}
