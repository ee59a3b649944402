using System.Buffers;

namespace Firn.Model.Text.Regexes;

/// <summary>What one instruction of a finished expression does.</summary>
internal enum RegexOpcode : byte
{
    /// <summary>Consumes the byte <c>Argument</c>.</summary>
    Byte,

    /// <summary>Consumes a byte of the set whose table starts at <c>Argument</c>.</summary>
    Set,

    /// <summary>
    /// Consumes as many bytes of a set as there are; the rest cannot start with one of them.
    /// </summary>
    Run,

    /// <summary>
    /// See <see cref="RegexOperation.Repeat"/>; the lookahead table starts at <c>Argument</c>.
    /// </summary>
    Repeat,

    /// <summary>
    /// See <see cref="RegexOperation.Either"/>; the lookahead table starts at <c>Argument</c>.
    /// </summary>
    Either,

    /// <summary>Writes the position into the slot <c>Argument</c>.</summary>
    Save,

    TextStart,

    TextEnd,

    Accept,
}

/// <summary>One instruction; <c>Memo</c> and <c>Cycle</c> are indexes, -1 where there is none.</summary>
internal struct RegexInstruction
{
    /// <summary>The bits of a lookahead: which of the two ways can lead on with the byte at hand.</summary>
    internal const byte Alternately = 1, Onward = 2, BothWays = 3;

    internal RegexOpcode Opcode;

    /// <summary>The lookahead where the text ends.</summary>
    internal byte AtEnd;

    /// <summary>The index among the loops that can turn without consuming anything.</summary>
    internal sbyte Cycle;
    internal int Argument;
    internal int Next;
    internal int Alternate;

    /// <summary>
    /// The index among the instructions that are not worth a second visit at the same position.
    /// </summary>
    internal int Memo;
}

/// <summary>The ways to run an expression, for which different ways can lead on.</summary>
internal enum RegexMode
{
    /// <summary>The whole text must match.</summary>
    Whole,

    /// <summary>A stretch of the text must match.</summary>
    Prefix,
}

/// <summary>The instructions of an expression for one mode.</summary>
internal sealed class RegexProgram
{
    internal required RegexInstruction[] Instructions { get; init; }

    /// <summary>Tables of 256 bytes: of sets (0 or 1) and of lookaheads.</summary>
    internal required byte[] Tables { get; init; }

    internal required int SlotCount { get; init; }

    internal required int MemoCount { get; init; }

    internal required int CycleCount { get; init; }

    internal required int RunCount { get; init; }

    /// <summary>
    /// Whether a longer match may hide behind another alternative than the first that leads to one.
    /// </summary>
    internal required bool HasRivals { get; init; }

    /// <summary>The bytes that a match can start with, or null if a match may be empty.</summary>
    internal required ByteSet? FirstBytes { get; init; }

    /// <summary>The same, made when there is enough text for it to pay.</summary>
    internal SearchValues<byte> FirstBytesVector =>
        field ??= SearchValues.Create(FirstBytes is { } bytes ? bytes.ToBytes() : default(ReadOnlySpan<byte>));

    /// <summary>Whether a match can start at the start of the text only.</summary>
    internal required bool IsAnchored { get; init; }
}
