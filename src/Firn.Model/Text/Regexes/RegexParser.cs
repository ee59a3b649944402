namespace Firn.Model.Text.Regexes;

/// <summary>
/// Reads a POSIX extended regular expression as libstdc++ reads it, into a graph of states.
/// </summary>
internal ref struct RegexParser(ReadOnlySpan<byte> pattern)
{
    private readonly ReadOnlySpan<byte> _pattern = pattern;
    private readonly RegexGraph _graph = new();
    private readonly Stack<Level> _outer = new();
    private Level _level;
    private int _position;
    private int _groupCount;

    internal static RegexFailure? Read(
        ReadOnlySpan<byte> pattern, out RegexGraph graph, out RegexFragment whole, out int groupCount)
    {
        var parser = new RegexParser(pattern);
        var failure = parser.Whole(out whole);
        (graph, groupCount) = (parser._graph, parser._groupCount);
        return failure;
    }

    /// <summary>
    /// An open group (or the whole): what was read of it, and the term that a quantifier would take.
    /// </summary>
    private struct Level
    {
        internal int Group;
        internal RegexFragment? Alternatives;
        internal RegexFragment? Sequence;
        internal RegexFragment? Term;
    }

    private RegexFailure? Whole(out RegexFragment whole)
    {
        whole = default;
        var start = _graph.Add(RegexOperation.Join);
        while (_position < _pattern.Length)
        {
            if (Element() is { } failure)
            {
                return failure;
            }

            if (_graph.IsFull)
            {
                return Fail("its states exceed the limit of 100000", RegexFailureKind.TooLarge);
            }
        }

        if (_outer.Count > 0)
        {
            return Fail("a '(' is never closed");
        }

        // libstdc++ counts the whole as a group, so two joints go around it.
        whole = _graph.Append(_graph.Append(start, CloseAlternatives()), _graph.Add(RegexOperation.Join));
        whole = _graph.Append(whole, _graph.Add(RegexOperation.Accept));
        return _graph.IsFull ? Fail("its states exceed the limit of 100000", RegexFailureKind.TooLarge) : null;
    }

    private RegexFailure? Element()
    {
        var value = _pattern[_position++];
        switch (value)
        {
            case (byte)'\\':
                return Escape();
            case (byte)'(':
                FlushTerm();
                _outer.Push(_level);
                _level = new Level { Group = ++_groupCount };
                return null;
            case (byte)')':
                return CloseGroup();
            case (byte)'|':
                _level.Alternatives = CloseAlternatives();
                (_level.Sequence, _level.Term) = (null, null);
                return null;
            case (byte)'^':
                Assertion(RegexOperation.TextStart);
                return null;
            case (byte)'$':
                Assertion(RegexOperation.TextEnd);
                return null;
            case (byte)'[':
                if (!RegexBrackets.TryRead(_pattern, ref _position, out var set, out var failure))
                {
                    return failure;
                }

                Term(_graph.AddMatch(set));
                return null;
            case (byte)'.':
                Term(_graph.AddMatch(ByteSet.AnyButNul));
                return null;
            case (byte)'*' or (byte)'+' or (byte)'?' or (byte)'{':
                return Quantifier(value);
            case 0:
                return Fail("a NUL byte cannot stand here");
            default:
                Literal(value);
                return null;
        }
    }

    private RegexFailure? Escape()
    {
        if (_position == _pattern.Length)
        {
            return Fail("the '\\' at the end escapes nothing");
        }

        // Only what has a meaning can be escaped; ']', '}' and '-' have none outside of brackets.
        var value = _pattern[_position];
        if (!".[\\()*+?{|^$"u8.Contains(value))
        {
            return Fail($"'\\{(char)value}' is no escape: only . [ \\ ( ) * + ? {{ | ^ $ can follow a '\\'");
        }

        _position++;
        Literal(value);
        return null;
    }

    private RegexFailure? CloseGroup()
    {
        if (_outer.Count == 0)
        {
            return Fail("this ')' closes nothing");
        }

        var group = _level.Group;
        var body = _graph.Append(_graph.Add(RegexOperation.Open, group), CloseAlternatives());
        body = _graph.Append(body, _graph.Add(RegexOperation.Close, group));
        _level = _outer.Pop();
        Term(body);
        return null;
    }

    private RegexFailure? Quantifier(byte quantifier)
    {
        if (_level.Term is not { } term)
        {
            return Fail($"nothing stands before this '{(char)quantifier}' that could be repeated");
        }

        switch (quantifier)
        {
            case (byte)'*':
                _level.Term = _graph.ZeroOrMore(term);
                return null;
            case (byte)'+':
                _level.Term = _graph.OneOrMore(term);
                return null;
            case (byte)'?':
                _level.Term = _graph.Optional(term);
                return null;
            default:
                return Interval(term);
        }
    }

    private RegexFailure? Interval(RegexFragment term)
    {
        if (!TryNumber(out var least))
        {
            return Fail("a number below 2147483648 must follow the '{'");
        }

        int? most = least;
        if (_position < _pattern.Length && _pattern[_position] == ',')
        {
            _position++;
            most = null;
            if (_position < _pattern.Length && char.IsAsciiDigit((char)_pattern[_position]))
            {
                if (!TryNumber(out var number))
                {
                    return Fail("the number is too large");
                }

                most = number;
            }
        }

        if (_position == _pattern.Length || _pattern[_position] != '}')
        {
            return Fail("a '}' must close the repeat count");
        }

        _position++;
        if (most < least)
        {
            return Fail("the upper count is below the lower one");
        }

        _level.Term = _graph.Times(term, least, most - least);
        return null;
    }

    private bool TryNumber(out int number)
    {
        long value = 0;
        var start = _position;
        for (; _position < _pattern.Length && char.IsAsciiDigit((char)_pattern[_position]); _position++)
        {
            value = Math.Min((value * 10) + _pattern[_position] - '0', int.MaxValue + 1L);
        }

        number = (int)Math.Min(value, int.MaxValue);
        return _position > start && value <= int.MaxValue;
    }

    private void Literal(byte value)
    {
        var set = default(ByteSet);
        set.Add(value);
        Term(_graph.AddMatch(set));
    }

    private void Assertion(RegexOperation operation)
    {
        Term(_graph.Add(operation));
        FlushTerm();
    }

    private void Term(RegexFragment term)
    {
        FlushTerm();
        _level.Term = term;
    }

    private void FlushTerm()
    {
        if (_level.Term is { } term)
        {
            _level.Sequence = _level.Sequence is { } before ? _graph.Append(before, term) : term;
            _level.Term = null;
        }
    }

    private RegexFragment CloseAlternatives()
    {
        // Every sequence ends in a joint, as in libstdc++, whose limit counts it.
        Term(_graph.Add(RegexOperation.Join));
        FlushTerm();
        var sequence = _level.Sequence!.Value;
        return _level.Alternatives is { } left ? _graph.Alternatives(left, sequence) : sequence;
    }

    private readonly RegexFailure Fail(string explanation, RegexFailureKind kind = RegexFailureKind.Invalid) =>
        new(kind, Math.Max(0, _position - 1), explanation);
}
