using System.Runtime.InteropServices;

namespace Firn.Platform.Linux;

/// <summary>The kernel's flags for opening files; some differ between processors.</summary>
internal static class OpenFlags
{
    internal const int ReadOnly = 0;
    internal const int WriteOnly = 1;
    internal const int ReadWrite = 2;
    internal const int Create = 0x40;

    internal const int Truncate = 0x200;
    internal const int Exclusive = 0x80;
    internal const int NonBlocking = 0x800;
    internal const int PathOnly = 0x200000;
    internal const int CloseOnExec = 0x80000;

    private static readonly bool _isArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    internal static int Directory { get; } = _isArm ? 0x4000 : 0x10000;

    internal static int NoFollow { get; } = _isArm ? 0x8000 : 0x20000;
}
