using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Firn.Sandbox.Seccomp;

/// <summary>The program by which the kernel forbids builders set-uid bits and extended attributes, which no archive can hold.</summary>
public static class SyscallFilter
{
    private const uint Allow = 0x7fff0000;
    private const uint NotPermitted = 0x00050000 | 1;
    private const uint NotSupported = 0x00050000 | 95;
    private const uint SetIdBits = 0xc00;
    private const uint X32Bit = 0x40000000;

    /// <summary>System calls that set permissions, by the position of the mode among their arguments, and that use attributes.</summary>
    private sealed record Machine(uint Id, (uint Number, int ModeArgument)[] Modes, uint[] Attributes);

    private static readonly Machine _amd64 = new(
        0xc000003e, [(90, 1), (91, 1), (268, 2), (452, 2)], [188, 189, 190, 191, 192, 193, 463, 464]);

    private static readonly Machine _i386 = new(
        0x40000003, [(15, 1), (94, 1), (306, 2), (452, 2)], [226, 227, 228, 229, 230, 231, 463, 464]);

    private static readonly Machine _arm64 = new(
        0xc00000b7, [(52, 1), (53, 2), (452, 2)], [5, 6, 7, 8, 9, 10, 463, 464]);

    private static readonly Machine _arm = new(
        0x40000028, [(15, 1), (94, 1), (333, 2), (452, 2)], [226, 227, 228, 229, 230, 231, 463, 464]);

    /// <summary>The program for this machine; empty for a kind of processor that is not known here.</summary>
    public static ImmutableArray<byte> Program { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => Assemble(_amd64, _i386),
        Architecture.Arm64 => Assemble(_arm64, _arm),
        _ => [],
    };

    private static ImmutableArray<byte> Assemble(params ReadOnlySpan<Machine> machines)
    {
        var program = new List<Instruction>();
        foreach (var machine in machines)
        {
            var rules = Rules(machine);
            program.Add(Instruction.Load(4));
            program.Add(Instruction.SkipUnlessEqual(machine.Id, rules.Count));
            program.AddRange(rules);
        }

        program.Add(Instruction.Return(Allow));
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            program[i].Write(bytes.AsSpan(i * 8, 8));
        }

        return [.. bytes];
    }

    private static List<Instruction> Rules(Machine machine)
    {
        // The x32 calls of amd64 have the same numbers with a bit more.
        List<Instruction> rules = [Instruction.Load(0), Instruction.And(~X32Bit)];
        foreach (var (number, argument) in machine.Modes)
        {
            rules.AddRange(
            [
                Instruction.SkipUnlessEqual(number, 4),
                Instruction.Load(16 + (8 * argument)),
                Instruction.SkipUnlessAny(SetIdBits, 1),
                Instruction.Return(NotPermitted),
                Instruction.Return(Allow),
            ]);
        }

        foreach (var number in machine.Attributes)
        {
            rules.AddRange([Instruction.SkipUnlessEqual(number, 1), Instruction.Return(NotSupported)]);
        }

        rules.Add(Instruction.Return(Allow));
        return rules;
    }

    /// <summary>One instruction of the kernel's filter language (classic BPF).</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand)
    {
        public static Instruction Load(int offset) => new(0x20, 0, 0, (uint)offset);

        public static Instruction And(uint mask) => new(0x54, 0, 0, mask);

        public static Instruction SkipUnlessEqual(uint value, int count) => new(0x15, 0, checked((byte)count), value);

        public static Instruction SkipUnlessAny(uint bits, int count) => new(0x45, 0, checked((byte)count), bits);

        public static Instruction Return(uint action) => new(0x06, 0, 0, action);

        public void Write(Span<byte> target)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target, Code);
            (target[2], target[3]) = (IfTrue, IfFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Operand);
        }
    }
}
