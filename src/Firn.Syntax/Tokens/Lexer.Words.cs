namespace Firn.Syntax.Tokens;

/// <summary>Names, paths, URIs and numbers: the tokens that only their end tells apart.</summary>
internal sealed partial class Lexer
{
    private int _runStart;
    private int _runEnd;

    /// <summary>Returns the end of a run of path characters; each run is walked once, however many tokens are in it.</summary>
    private int SkipPathRun(int start)
    {
        if (start < _runStart || start >= _runEnd)
        {
            (_runStart, _runEnd) = (start, SkipRun(start, ByteClass.Path));
        }

        return _runEnd;
    }

    private void ReadWord(int start)
    {
        var end = SkipRun(start + 1, ByteClass.Name);
        var next = ByteAt(end);
        if (next is (byte)'.' or (byte)'/' or (byte)':' or (byte)'+' && TryReadLongWord(start))
        {
            return;
        }

        End = end;
        Kind = end - start <= 7 ? Keyword(_bytes.AsSpan(start, end - start)) : TokenKind.Identifier;
    }

    /// <summary>Reads a path or an URI if one starts here.</summary>
    private bool TryReadLongWord(int start)
    {
        var end = SkipPathRun(start);
        switch (ByteAt(end))
        {
            case (byte)'/':
                return TryReadPath(end);
            case (byte)':' when (_classes[ByteAt(end + 1)] & ByteClass.Uri) != 0
                && (_classes[_bytes[start]] & ByteClass.NameStart) != 0 && SkipRun(start, ByteClass.Scheme) == end:
                (Kind, End) = (TokenKind.Uri, SkipRun(end + 1, ByteClass.Uri));
                return true;
            default:
                return false;
        }
    }

    private bool TryReadPath(int slash)
    {
        if (IsPath(ByteAt(slash + 1)))
        {
            (Kind, End) = (TokenKind.Path, SkipSegments(slash));
            return true;
        }

        if (ByteAt(slash + 1) == '$' && ByteAt(slash + 2) == '{')
        {
            (Kind, End) = (TokenKind.Path, slash + 1);
            return true;
        }

        return false;
    }

    private void ReadPathOrSign(byte first)
    {
        var end = SkipPathRun(Start);
        if (ByteAt(end) == '/' && TryReadPath(end))
        {
            return;
        }

        switch (first)
        {
            case (byte)'.' when IsDigit(ByteAt(Start + 1)):
                ReadFloat(Start + 1);
                break;
            case (byte)'.' when ByteAt(Start + 1) == '.' && ByteAt(Start + 2) == '.':
                Take(TokenKind.Ellipsis, 3);
                break;
            case (byte)'.':
                Take(TokenKind.Dot, 1);
                break;
            case (byte)'+':
                TakePair('+', TokenKind.Concatenate, TokenKind.Plus);
                break;
            case (byte)'-':
                TakePair('>', TokenKind.Implies, TokenKind.Minus);
                break;
            case (byte)'/':
                TakePair('/', TokenKind.Update, TokenKind.Slash);
                break;
            default:
                ReadNumber(first);
                break;
        }
    }

    private void ReadNumber(byte first)
    {
        var end = SkipRun(Start, ByteClass.Digit);
        var isFloat = ByteAt(end) == '.' && (first != '0' || (end == Start + 1 && IsDigit(ByteAt(end + 1))));
        if (isFloat)
        {
            ReadFloat(end + 1);
        }
        else
        {
            (Kind, End) = (TokenKind.Integer, end);
        }
    }

    private void ReadFloat(int fraction)
    {
        var end = SkipRun(fraction, ByteClass.Digit);
        if (ByteAt(end) is (byte)'e' or (byte)'E')
        {
            var digits = ByteAt(end + 1) is (byte)'+' or (byte)'-' ? end + 2 : end + 1;
            end = IsDigit(ByteAt(digits)) ? SkipRun(digits, ByteClass.Digit) : end;
        }

        (Kind, End) = (TokenKind.Float, end);
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    private static TokenKind Keyword(ReadOnlySpan<byte> word)
    {
        switch (word[0])
        {
            case (byte)'a' when word.SequenceEqual("assert"u8): return TokenKind.Assert;
            case (byte)'e' when word.SequenceEqual("else"u8): return TokenKind.Else;
            case (byte)'i' when word.Length == 2 && word[1] == 'f': return TokenKind.If;
            case (byte)'i' when word.Length == 2 && word[1] == 'n': return TokenKind.In;
            case (byte)'i' when word.SequenceEqual("inherit"u8): return TokenKind.Inherit;
            case (byte)'l' when word.SequenceEqual("let"u8): return TokenKind.Let;
            case (byte)'o' when word.Length == 2 && word[1] == 'r': return TokenKind.Or;
            case (byte)'r' when word.SequenceEqual("rec"u8): return TokenKind.Rec;
            case (byte)'t' when word.SequenceEqual("then"u8): return TokenKind.Then;
            case (byte)'w' when word.SequenceEqual("with"u8): return TokenKind.With;
            default: return TokenKind.Identifier;
        }
    }
}
