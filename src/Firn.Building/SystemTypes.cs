using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Firn.Model.Text;

namespace Firn.Building;

/// <summary>Names of system types such as <c>x86_64-linux</c>, and what this machine offers.</summary>
public static class SystemTypes
{
    /// <summary>The system type of this program.</summary>
    public static string Current { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x86_64-linux",
        Architecture.Arm64 => "aarch64-linux",
        Architecture.X86 => "i686-linux",
        Architecture.RiscV64 => "riscv64-linux",
        Architecture.LoongArch64 => "loongarch64-linux",
        Architecture.Ppc64le => "powerpc64le-linux",
        var other => $"{other}-linux".ToLowerInvariant(),
    };

    /// <summary>What builds can ask for by default; <c>kvm</c> where it is usable.</summary>
    public static ImmutableSortedSet<string> Features { get; } =
        ImmutableSortedSet.Create(Utf8Order.Comparer, "benchmark", "big-parallel", "nixos-test", "recursive-nix", "uid-range")
            .Union(File.Exists("/dev/kvm") ? ["kvm"] : []);
}
