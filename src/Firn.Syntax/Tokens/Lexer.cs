using System.Runtime.CompilerServices;

namespace Firn.Syntax.Tokens;

/// <summary>Cuts source text into tokens, one at a time; the insides of strings and paths are left to the parser.</summary>
/// <remarks>
/// Upstream's scanner takes the longest match of all its rules. So a word is a path when a slash and a path character
/// follow its run of path characters (<c>a/b</c>, <c>1/2</c>, <c>-/x</c>), and an URI when a colon does (<c>x:x</c>).
/// </remarks>
internal sealed partial class Lexer(byte[] bytes)
{
    private byte[] _bytes = bytes;
    private readonly ByteClass[] _classes = ByteClasses.Table;

    /// <summary>What the current token is.</summary>
    internal TokenKind Kind { get; private set; }

    /// <summary>The offset of the current token's first byte.</summary>
    internal int Start { get; private set; }

    /// <summary>The offset behind the current token's last byte.</summary>
    internal int End { get; private set; }

    /// <summary>The offset behind the last byte of the token before.</summary>
    internal int PreviousEnd { get; private set; }

    /// <summary>Where the documentation comment in front of the current token starts, or -1.</summary>
    internal int DocStart { get; private set; }

    /// <summary>The offset behind that comment.</summary>
    internal int DocEnd { get; private set; }

    /// <summary>The bytes of the current token.</summary>
    internal ReadOnlySpan<byte> Text => _bytes.AsSpan(Start, End - Start);

    /// <summary>Starts from the beginning of another text.</summary>
    internal void Open(byte[] bytes)
    {
        _bytes = bytes;
        (_runStart, _runEnd, PreviousEnd) = (0, 0, 0);
        MoveTo(0);
    }

    /// <summary>Goes on to the token that starts at <paramref name="offset"/> or behind blanks and comments there.</summary>
    internal void Resume(int offset)
    {
        End = offset;
        Next();
    }

    /// <summary>Makes the next token start at <paramref name="offset"/> or behind blanks and comments there.</summary>
    internal void MoveTo(int offset) => (Start, End) = (offset, offset);

    /// <summary>Goes on to the next token.</summary>
    internal void Next()
    {
        PreviousEnd = End;
        DocStart = -1;
        var i = SkipBlanks(End, notesDocs: true);
        Start = i;
        if ((uint)i >= (uint)_bytes.Length)
        {
            (Kind, End) = (TokenKind.End, i);
            return;
        }

        var first = _bytes[i];
        if ((_classes[first] & ByteClass.NameStart) != 0)
        {
            ReadWord(i);
            return;
        }

        switch (first)
        {
            // A NUL byte ends the text, as it ends upstream's buffer.
            case 0: (Kind, End) = (TokenKind.End, i); break;
            case (byte)'{': Take(TokenKind.LeftBrace, 1); break;
            case (byte)'}': Take(TokenKind.RightBrace, 1); break;
            case (byte)'(': Take(TokenKind.LeftParenthesis, 1); break;
            case (byte)')': Take(TokenKind.RightParenthesis, 1); break;
            case (byte)'[': Take(TokenKind.LeftBracket, 1); break;
            case (byte)']': Take(TokenKind.RightBracket, 1); break;
            case (byte)';': Take(TokenKind.Semicolon, 1); break;
            case (byte)':': Take(TokenKind.Colon, 1); break;
            case (byte)',': Take(TokenKind.Comma, 1); break;
            case (byte)'@': Take(TokenKind.At, 1); break;
            case (byte)'?': Take(TokenKind.Question, 1); break;
            case (byte)'"': Take(TokenKind.Quote, 1); break;
            case (byte)'*': Take(TokenKind.Star, 1); break;
            case (byte)'=': TakePair('=', TokenKind.Equal, TokenKind.Assign); break;
            case (byte)'!': TakePair('=', TokenKind.NotEqual, TokenKind.Not); break;
            case (byte)'>': TakePair('=', TokenKind.GreaterOrEqual, TokenKind.Greater); break;
            case (byte)'&': TakePair('&', TokenKind.AndAlso, TokenKind.Invalid); break;
            case (byte)'$': TakePair('{', TokenKind.DollarBrace, TokenKind.Invalid); break;
            case (byte)'|': ReadBar(); break;
            case (byte)'\'': ReadApostrophe(); break;
            case (byte)'<': ReadAngle(); break;
            case (byte)'~': ReadTilde(); break;
            case (byte)'.' or (byte)'+' or (byte)'-' or (byte)'/' or (>= (byte)'0' and <= (byte)'9'):
                ReadPathOrSign(first);
                break;
            default: TakeInvalid(); break;
        }
    }

    /// <summary>Returns the byte that starts the token behind the current one, 0 at the end.</summary>
    internal byte PeekByte() => PeekByte(End);

    /// <summary>Returns the byte at <paramref name="offset"/> or behind the blanks and comments there, 0 at the end.</summary>
    internal byte PeekByte(int offset) => ByteAt(SkipBlanks(offset, notesDocs: false));

    /// <summary>Returns the offset of the first byte that is neither blank nor in a comment.</summary>
    internal int SkipBlanks(int i) => SkipBlanks(i, notesDocs: false);

    /// <summary>Returns the byte at <paramref name="offset"/>, 0 behind the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte ByteAt(int offset) => (uint)offset < (uint)_bytes.Length ? _bytes[offset] : (byte)0;

    /// <summary>Returns the offset behind the bytes from <paramref name="i"/> that are all of a class.</summary>
    internal int SkipRun(int i, ByteClass @class)
    {
        var bytes = _bytes;
        while ((uint)i < (uint)bytes.Length && (_classes[bytes[i]] & @class) != 0)
        {
            i++;
        }

        return i;
    }

    /// <summary>Returns the offset behind the path segments at <paramref name="i"/>, one slash at the end included.</summary>
    internal int SkipSegments(int i)
    {
        while (ByteAt(i) == '/' && IsPath(ByteAt(i + 1)))
        {
            i = SkipRun(i + 1, ByteClass.Path);
        }

        return ByteAt(i) == '/' ? i + 1 : i;
    }

    private int SkipBlanks(int i, bool notesDocs)
    {
        var bytes = _bytes;
        while ((uint)i < (uint)bytes.Length)
        {
            var b = bytes[i];
            if (b == ' ' || b == '\n' || b == '\t' || b == '\r')
            {
                i++;
            }
            else if (b == '#')
            {
                var length = bytes.AsSpan(i).IndexOfAny((byte)'\n', (byte)'\r');
                i = length < 0 ? bytes.Length : i + length;
            }
            else if (b == '/' && ByteAt(i + 1) == '*')
            {
                var length = bytes.AsSpan(i + 2).IndexOf("*/"u8);
                if (length < 0)
                {
                    return i;
                }

                var end = i + 2 + length + 2;
                if (notesDocs && bytes[i + 2] == '*' && length > 0 && bytes[i + 3] is not ((byte)'*' or (byte)'/'))
                {
                    (DocStart, DocEnd) = (i, end);
                }

                i = end;
            }
            else
            {
                break;
            }
        }

        return i;
    }

    private void ReadBar()
    {
        switch (ByteAt(Start + 1))
        {
            case (byte)'|': Take(TokenKind.OrElse, 2); break;
            case (byte)'>': Take(TokenKind.PipeInto, 2); break;
            default: TakeInvalid(); break;
        }
    }

    private void ReadApostrophe()
    {
        if (ByteAt(Start + 1) != '\'')
        {
            TakeInvalid();
            return;
        }

        // A first line of nothing but spaces belongs to the opening quotes.
        var end = Start + 2;
        while (ByteAt(end) == ' ')
        {
            end++;
        }

        (Kind, End) = (TokenKind.IndentedQuote, ByteAt(end) == '\n' ? end + 1 : Start + 2);
    }

    private void ReadAngle()
    {
        var end = SkipRun(Start + 1, ByteClass.Path);
        if (end > Start + 1)
        {
            while (ByteAt(end) == '/' && IsPath(ByteAt(end + 1)))
            {
                end = SkipRun(end + 1, ByteClass.Path);
            }

            if (ByteAt(end) == '>')
            {
                (Kind, End) = (TokenKind.SearchPath, end + 1);
                return;
            }
        }

        if (ByteAt(Start + 1) == '|')
        {
            Take(TokenKind.PipeFrom, 2);
        }
        else
        {
            TakePair('=', TokenKind.LessOrEqual, TokenKind.Less);
        }
    }

    private void ReadTilde()
    {
        if (ByteAt(Start + 1) == '/' && TryReadPath(Start + 1))
        {
            Kind = TokenKind.HomePath;
        }
        else
        {
            TakeInvalid();
        }
    }

    private void Take(TokenKind kind, int length) => (Kind, End) = (kind, Start + length);

    private void TakePair(char second, TokenKind both, TokenKind alone)
    {
        if (ByteAt(Start + 1) == second)
        {
            Take(both, 2);
        }
        else
        {
            Take(alone, 1);
        }
    }

    private void TakeInvalid()
    {
        // The rest of a character beyond ASCII belongs to it, so that a message can show it whole.
        var end = Start + 1;
        while (_bytes[Start] >= 0xc0 && (ByteAt(end) & 0xc0) == 0x80)
        {
            end++;
        }

        (Kind, End) = (TokenKind.Invalid, end);
    }

    private bool IsPath(byte b) => (_classes[b] & ByteClass.Path) != 0;
}
