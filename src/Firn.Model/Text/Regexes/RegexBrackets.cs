using System.Text;

namespace Firn.Model.Text.Regexes;

/// <summary>
/// What stands between <c>[</c> and <c>]</c>: classes, ranges, collating and equivalence elements.
/// </summary>
internal static class RegexBrackets
{
    /// <summary>
    /// Reads a bracket expression; <paramref name="position"/> is behind the opening bracket.
    /// </summary>
    internal static bool TryRead(
        ReadOnlySpan<byte> pattern, ref int position, out ByteSet set, out RegexFailure? failure)
    {
        var reader = new Reader(pattern, position);
        failure = reader.Read(out set);
        position = reader.Position;
        return failure is null;
    }

    private ref struct Reader(ReadOnlySpan<byte> pattern, int position)
    {
        private readonly ReadOnlySpan<byte> _pattern = pattern;
        private ByteSet _set;
        private Previous _previous;
        private byte _previousByte;
        private bool _atStart = true;

        private enum Previous
        {
            Nothing,
            Byte,
            Class,
        }

        private enum Token
        {
            Byte,
            Dash,
            End,
            CollatingElement,
            Equivalence,
            Class,
        }

        internal int Position { get; private set; } = position;

        internal RegexFailure? Read(out ByteSet set)
        {
            set = default;
            var negated = Position < _pattern.Length && _pattern[Position] == '^';
            if (negated)
            {
                Position++;
            }

            for (var first = true; ; first = false)
            {
                var failure = Next(out var token, out var value, out var name);
                if (failure is null && token == Token.End)
                {
                    break;
                }

                // Only in first place is a dash an ordinary character; elsewhere it asks for a range.
                failure ??= first && token == Token.Dash ? Remember((byte)'-') : Term(token, value, name);
                if (failure is not null)
                {
                    return failure;
                }
            }

            Flush();
            if (negated)
            {
                _set.Complement();
            }

            set = _set;
            return null;
        }

        private RegexFailure? Term(Token token, byte value, ReadOnlySpan<byte> name)
        {
            switch (token)
            {
                case Token.Byte:
                    return Remember(value);
                case Token.Dash:
                    return Dash();
                case Token.Class:
                    Flush();
                    _previous = Previous.Class;
                    return AddClass(name);
                case Token.CollatingElement:
                    return CollatingNames.Find(name) is { } element
                        ? Remember(element)
                        : Fail("no such collating element");
                default:
                    Flush();
                    _previous = Previous.Class;
                    return AddEquivalence(name);
            }
        }

        private RegexFailure? Dash()
        {
            if (Position < _pattern.Length && _pattern[Position] == ']')
            {
                return Remember((byte)'-');
            }

            if (_previous != Previous.Byte)
            {
                return Fail("a '-' must stand first or last, or between two characters");
            }

            var failure = Next(out var token, out var last, out _);
            if (failure is not null)
            {
                return failure;
            }

            if (token is not (Token.Byte or Token.Dash))
            {
                return Fail("a range must end with a character");
            }

            // libstdc++ compares ranges as signed characters, so [a-\xff] is upside down and [\x80-a] spans NUL.
            var (low, high) = ((sbyte)_previousByte, token == Token.Dash ? (sbyte)'-' : (sbyte)last);
            if (low > high)
            {
                return Fail("the range is upside down (bytes above 127 count as negative)");
            }

            for (int at = low; at <= high; at++)
            {
                _set.Add((byte)at);
            }

            _previous = Previous.Nothing;
            return null;
        }

        private RegexFailure? Next(out Token token, out byte value, out ReadOnlySpan<byte> name)
        {
            (token, value) = (Token.Byte, 0);
            name = default;
            if (Position == _pattern.Length)
            {
                return Fail("the '[' is never closed");
            }

            value = _pattern[Position++];
            var atStart = _atStart;
            _atStart = false;
            switch (value)
            {
                case (byte)'-':
                    token = Token.Dash;
                    return null;
                case (byte)']' when !atStart:
                    token = Token.End;
                    return null;
                case (byte)'[':
                    if (Position == _pattern.Length)
                    {
                        return Fail("the '[' is never closed");
                    }

                    token = _pattern[Position] switch
                    {
                        (byte)'.' => Token.CollatingElement,
                        (byte)':' => Token.Class,
                        (byte)'=' => Token.Equivalence,
                        _ => Token.Byte,
                    };
                    return token == Token.Byte ? null : Name(out name);
                default:
                    return null;
            }
        }

        private RegexFailure? Name(out ReadOnlySpan<byte> name)
        {
            var delimiter = _pattern[Position++];
            name = _pattern[Position..];
            var length = name.IndexOf(delimiter);
            if (length < 0 || length + 1 >= name.Length || name[length + 1] != ']')
            {
                return Fail($"the '[{(char)delimiter}' is never closed");
            }

            name = name[..length];
            Position += length + 2;
            return null;
        }

        private RegexFailure? Remember(byte value)
        {
            Flush();
            (_previous, _previousByte) = (Previous.Byte, value);
            return null;
        }

        private void Flush()
        {
            if (_previous == Previous.Byte)
            {
                _set.Add(_previousByte);
            }
        }

        private RegexFailure? AddClass(ReadOnlySpan<byte> name)
        {
            if (Classes.Find(Encoding.Latin1.GetString(name).ToLowerInvariant()) is not { } contains)
            {
                return Fail("no such character class");
            }

            for (var value = 0; value < 128; value++)
            {
                if (contains((char)value))
                {
                    _set.Add(value);
                }
            }

            return null;
        }

        private RegexFailure? AddEquivalence(ReadOnlySpan<byte> name)
        {
            if (CollatingNames.Find(name) is not { } element)
            {
                return Fail("no such collating element");
            }

            // libstdc++ ignores case in an equivalence class, even in the C locale.
            _set.Add(element);
            if (char.IsAsciiLetter((char)element))
            {
                _set.Add(element ^ 0x20);
            }

            return null;
        }

        private readonly RegexFailure Fail(string explanation) =>
            new(RegexFailureKind.Invalid, Math.Max(0, Position - 1), explanation);
    }

    private static class Classes
    {
        internal static Func<char, bool>? Find(string name) => name switch
        {
            "alnum" => char.IsAsciiLetterOrDigit,
            "alpha" => char.IsAsciiLetter,
            "blank" => c => c is ' ' or '\t',
            "cntrl" => char.IsControl,
            "digit" or "d" => char.IsAsciiDigit,
            "graph" => c => c is > ' ' and < '\x7f',
            "lower" => char.IsAsciiLetterLower,
            "print" => c => c is >= ' ' and < '\x7f',
            "punct" => c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
            "space" or "s" => c => c is ' ' or (>= '\t' and <= '\r'),
            "upper" => char.IsAsciiLetterUpper,
            "xdigit" => char.IsAsciiHexDigit,
            "w" => c => char.IsAsciiLetterOrDigit(c) || c == '_',
            _ => null,
        };
    }

    /// <summary>The POSIX names of the ASCII characters, as <c>[.tab.]</c> names one.</summary>
    private static class CollatingNames
    {
        private const string Control =
            "NUL SOH STX ETX EOT ENQ ACK alert backspace tab newline vertical-tab form-feed carriage-return SO SI "
            + "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 IS3 IS2 IS1 space ";

        private const string Punctuation =
            "exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe "
            + "left-parenthesis right-parenthesis asterisk plus-sign comma hyphen period slash ";

        private const string Digits =
            "zero one two three four five six seven eight nine colon semicolon less-than-sign equals-sign "
            + "greater-than-sign question-mark commercial-at ";

        private const string Letters =
            "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z left-square-bracket backslash right-square-bracket "
            + "circumflex underscore grave-accent a b c d e f g h i j k l m n o p q r s t u v w x y z "
            + "left-curly-bracket vertical-line right-curly-bracket tilde DEL";

        internal static byte? Find(ReadOnlySpan<byte> name)
        {
            var names = (Control + Punctuation + Digits + Letters).Split(' ');
            var index = Array.IndexOf(names, Encoding.Latin1.GetString(name));
            return index < 0 ? null : (byte)index;
        }
    }
}
