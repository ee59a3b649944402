using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Firn.Model.Text.Regexes;

/// <summary>Where a group matched; a group that took no part in the match starts at -1.</summary>
public readonly record struct RegexGroup(int Start, int End)
{
    public bool HasMatched => Start >= 0;

    /// <summary>What the group matched of the text; empty if it took no part.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => HasMatched ? text[Start..End] : default;
}

/// <summary>
/// A POSIX extended regular expression over bytes, with exactly the meaning that C++ Nix's builtins give it.
/// </summary>
/// <remarks>
/// That meaning is libstdc++'s: depth-first with the greedier choice first; a search finds the leftmost match and tries
/// all alternatives for the longest. A match takes time proportional to the text times the expression at worst.
/// </remarks>
public sealed class PosixRegex
{
    private const int FramesOnStack = 32;
    private const int SlotsOnStack = 128;

    /// <summary>
    /// Up to this length a search looks at bytes one by one; to prepare for more takes microseconds.
    /// </summary>
    private const int ShortText = 128;

    private readonly RegexGraph _graph;
    private readonly RegexFragment _fragment;
    private readonly byte[] _pattern;
    private readonly byte[]? _literal;
    private RegexProgram? _whole;
    private RegexProgram? _prefix;

    private PosixRegex(byte[] pattern, RegexGraph graph, RegexFragment fragment, int groupCount)
    {
        (_pattern, _graph, _fragment, GroupCount) = (pattern, graph, fragment, groupCount);
        _literal = groupCount == 0 ? graph.Literal(fragment) : null;
    }

    /// <summary>How many groups the pattern has, the whole match not counted.</summary>
    public int GroupCount { get; }

    /// <exception cref="RegexException">The pattern is not in the language.</exception>
    public static PosixRegex Parse(ReadOnlySpan<byte> pattern) =>
        TryParse(pattern, out var regex, out var failure) ? regex : throw new RegexException(pattern, failure);

    public static bool TryParse(
        ReadOnlySpan<byte> pattern,
        [NotNullWhen(true)] out PosixRegex? regex,
        [NotNullWhen(false)] out RegexFailure? failure)
    {
        failure = RegexParser.Read(pattern, out var graph, out var fragment, out var groupCount);
        regex = failure is null ? new PosixRegex(pattern.ToArray(), graph, fragment, groupCount) : null;
        return regex is not null;
    }

    /// <summary>Whether the whole of the text matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="groups">Empty, or room for the whole match and each group behind it.</param>
    public bool TryMatchWhole(ReadOnlySpan<byte> text, Span<RegexGroup> groups)
    {
        if (_literal is not null)
        {
            return text.SequenceEqual(_literal) && Literal(0, text.Length, groups);
        }

        var program = _whole ??= RegexCompiler.Compile(_graph, _fragment, GroupCount, RegexMode.Whole);
        return TryRun(program, RegexMode.Whole, text, 0, onlyThere: true, mayBeEmpty: true, groups);
    }

    /// <summary>
    /// Finds the leftmost match from <paramref name="start"/> on; <c>^</c> holds at the text's start only.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the search starts.</param>
    /// <param name="groups">Empty, or room for the whole match and each group behind it.</param>
    public bool TryFind(ReadOnlySpan<byte> text, int start, Span<RegexGroup> groups)
    {
        if (_literal is not null)
        {
            var found = text[start..].IndexOf(_literal);
            return found >= 0 && Literal(start + found, start + found + _literal.Length, groups);
        }

        return TryRun(PrefixProgram(), RegexMode.Prefix, text, start, onlyThere: false, mayBeEmpty: true, groups);
    }

    /// <summary>Finds the match behind another one, as libstdc++'s iterator does.</summary>
    /// <remarks>Behind an empty match comes one that is not empty at the same place, or else one further on.</remarks>
    /// <param name="text">The text.</param>
    /// <param name="previous">The match before.</param>
    /// <param name="groups">Room for the whole match and each group behind it.</param>
    public bool TryFindNext(ReadOnlySpan<byte> text, RegexGroup previous, Span<RegexGroup> groups)
    {
        var start = previous.End;
        if (previous.Start == previous.End)
        {
            if (start == text.Length)
            {
                return false;
            }

            if (_literal is null
                && TryRun(PrefixProgram(), RegexMode.Prefix, text, start, onlyThere: true, mayBeEmpty: false, groups))
            {
                return true;
            }

            start++;
        }

        return TryFind(text, start, groups);
    }

    private static bool Literal(int start, int end, Span<RegexGroup> groups)
    {
        if (groups.Length > 0)
        {
            groups[0] = new RegexGroup(start, end);
        }

        return true;
    }

    private RegexProgram PrefixProgram() =>
        _prefix ??= RegexCompiler.Compile(_graph, _fragment, GroupCount, RegexMode.Prefix);

    private bool TryRun(
        RegexProgram program, RegexMode mode, ReadOnlySpan<byte> text, int start, bool onlyThere, bool mayBeEmpty,
        Span<RegexGroup> groups)
    {
        var length = program.SlotCount + RegexMatcher.ScratchLength(program);
        var rented = length > SlotsOnStack ? ArrayPool<int>.Shared.Rent(length) : null;
        var slots = rented ?? stackalloc int[SlotsOnStack];
        Span<RegexFrame> frames = stackalloc RegexFrame[FramesOnStack];
        var matcher = new RegexMatcher(
            program, mode, text, start, slots[..program.SlotCount], slots[program.SlotCount..length], frames);

        // No 'finally': an array that is not given back is collected like any other.
        var found = onlyThere ? matcher.TryMatchAt(start, mayBeEmpty) : TrySearch(ref matcher, program, text, start);
        var isOutOfMemory = matcher.IsOutOfMemory;
        matcher.Return();
        if (found && groups.Length > 0)
        {
            for (var group = 0; group <= GroupCount; group++)
            {
                var end = slots[(2 * group) + 1];
                groups[group] = end < 0 ? new RegexGroup(-1, -1) : new RegexGroup(slots[2 * group], end);
            }
        }

        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return isOutOfMemory
            ? throw new RegexException(_pattern, new RegexFailure(
                RegexFailureKind.TooLarge, 0, "to match it against a text of this length takes too much memory"))
            : found;
    }

    private static bool TrySearch(
        ref RegexMatcher matcher, RegexProgram program, ReadOnlySpan<byte> text, int start)
    {
        for (var at = start; at <= text.Length; at++)
        {
            if (program.FirstBytes is { } firstBytes)
            {
                if (text.Length - at > ShortText)
                {
                    var skipped = text[at..].IndexOfAny(program.FirstBytesVector);
                    at = skipped < 0 ? text.Length : at + skipped;
                }
                else
                {
                    while (at < text.Length && !firstBytes.Contains(text[at]))
                    {
                        at++;
                    }
                }

                if (at == text.Length)
                {
                    return false;
                }
            }

            if (matcher.TryMatchAt(at, mayBeEmpty: true))
            {
                return true;
            }

            if (matcher.IsOutOfMemory || program.IsAnchored)
            {
                return false;
            }
        }

        return false;
    }
}
