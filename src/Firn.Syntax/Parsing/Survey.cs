using Firn.Model.Diagnostics;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;

namespace Firn.Syntax.Parsing;

/// <summary>Looks over a text that does not parse, for the bracket or the quote that its author forgot to close.</summary>
/// <remarks>Runs only after an error. It follows brackets and strings as the lexer does and asks for no grammar.</remarks>
internal sealed class Survey
{
    private readonly SourceText _source;
    private readonly byte[] _bytes;
    private readonly Lexer _lexer;
    private readonly List<Bracket> _open = [];

    private int _stringStart;

    private Survey(SourceText source)
    {
        (_source, _bytes) = (source, source.Bytes);
        _lexer = new Lexer(_bytes);
    }

    private enum Mode : byte
    {
        Code,
        InString,
        InIndentedString,
    }

    private readonly record struct Bracket(int Offset, TokenKind Kind, Mode Around, int StringStart);

    /// <summary>The offset of the string whose end looks like the start of another one, or -1.</summary>
    internal int SuspectString { get; private set; } = -1;

    /// <summary>The offset of the bracket that is closed by one that stands further left than its line, or -1.</summary>
    internal int SuspectBracket { get; private set; } = -1;

    /// <summary>The innermost bracket that is open where the walk ended, or -1.</summary>
    internal int OpenBracket => _open.Count > 0 ? _open[^1].Offset : -1;

    /// <summary>Looks over the text up to the token at <paramref name="limit"/>.</summary>
    internal static Survey Of(SourceText source, int limit)
    {
        var survey = new Survey(source);
        var mode = Mode.Code;
        while (survey._lexer.Start < limit && survey.Step(ref mode))
        {
        }

        return survey;
    }

    /// <summary>Returns the offset of the bracket that closes the one at <paramref name="open"/>, or -1.</summary>
    internal static int FindClosing(SourceText source, int open)
    {
        var survey = new Survey(source);
        survey._lexer.Resume(open);
        survey.Push(Mode.Code);
        var mode = Mode.Code;
        while (survey._open.Count > 0)
        {
            if (!survey.Step(ref mode))
            {
                return -1;
            }
        }

        return survey._lexer.Start;
    }

    private bool Step(ref Mode mode)
    {
        if (mode != Mode.Code)
        {
            return SkipText(ref mode);
        }

        _lexer.Next();
        switch (_lexer.Kind)
        {
            case TokenKind.End:
                return false;
            case TokenKind.Quote:
                _stringStart = _lexer.Start;
                mode = Mode.InString;
                break;
            case TokenKind.IndentedQuote:
                _stringStart = _lexer.Start;
                mode = Mode.InIndentedString;
                break;
            case TokenKind.LeftBrace or TokenKind.LeftBracket or TokenKind.LeftParenthesis or TokenKind.DollarBrace:
                Push(Mode.Code);
                break;
            case TokenKind.RightBrace or TokenKind.RightBracket or TokenKind.RightParenthesis:
                mode = Close();
                break;
        }

        return true;
    }

    private void Push(Mode around) => _open.Add(new Bracket(_lexer.Start, _lexer.Kind, around, _stringStart));

    private Mode Close()
    {
        if (_open.Count == 0 || !Matches(_open[^1].Kind, _lexer.Kind))
        {
            return Mode.Code;
        }

        var bracket = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        _stringStart = bracket.StringStart;
        if (SuspectBracket < 0 && bracket.Around == Mode.Code && IsFirstOnLine(_lexer.Start)
            && Place(bracket.Offset).Line != Place(_lexer.Start).Line
            && Place(_lexer.Start).Column - 1 < Indentation(bracket.Offset))
        {
            SuspectBracket = bracket.Offset;
        }

        return bracket.Around;
    }

    /// <summary>Goes on to the end of a string or to the next interpolation in it.</summary>
    private bool SkipText(ref Mode mode)
    {
        var i = _lexer.End;
        while (i < _bytes.Length)
        {
            var (b, next) = (_bytes[i], _lexer.ByteAt(i + 1));
            if (b == '$' && next == '{')
            {
                _lexer.Resume(i);
                Push(mode);
                mode = Mode.Code;
                return true;
            }

            if (mode == Mode.InString ? b == '"' : b == '\'' && next == '\'' && !IsEscape(_lexer.ByteAt(i + 2)))
            {
                End(i, mode == Mode.InString ? 1 : 2);
                mode = Mode.Code;
                return true;
            }

            i += mode == Mode.InString
                ? b == '\\' || (b == '$' && next == '$') ? 2 : 1
                : b == '\'' && next == '\'' ? (_lexer.ByteAt(i + 2) == '\\' ? 4 : 3) : b == '$' && next == '$' ? 2 : 1;
        }

        return false;

        static bool IsEscape(byte b) => b is (byte)'$' or (byte)'\'' or (byte)'\\';
    }

    private void End(int quote, int length)
    {
        // Positions the lexer behind the quote without reading on.
        _lexer.MoveTo(quote + length);
        if (SuspectString >= 0 || Place(_stringStart).Line == Place(quote).Line)
        {
            return;
        }

        var before = quote - 1;
        while (before > _stringStart && _bytes[before] == ' ')
        {
            before--;
        }

        // An indented string that starts has nothing behind its quotes on the line; `= ''` in a shell script has.
        var looksLikeStart = _bytes[before] is (byte)'=' or (byte)'(' or (byte)'[' or (byte)'+'
            && (length == 1 || _lexer.ByteAt(quote + 2) is (byte)'\n' or (byte)'\r');
        var runsIntoWord = length == 1
            && ((ByteClasses.Table[_lexer.ByteAt(quote + 1)] & (ByteClass.NameStart | ByteClass.Path)) != 0
                || _lexer.ByteAt(quote + 1) == '$');
        if (looksLikeStart || runsIntoWord)
        {
            SuspectString = _stringStart;
        }
    }

    private LineColumn Place(int offset) => _source.Locate(_source.Base + offset);

    private int Indentation(int offset) =>
        Math.Max(0, _source.Line(Place(offset).Line).IndexOfAnyExcept((byte)' ', (byte)'\t'));

    private bool IsFirstOnLine(int offset) => Place(offset).Column - 1 == Indentation(offset);

    private static bool Matches(TokenKind open, TokenKind close) => close switch
    {
        TokenKind.RightBrace => open is TokenKind.LeftBrace or TokenKind.DollarBrace,
        TokenKind.RightBracket => open == TokenKind.LeftBracket,
        _ => open == TokenKind.LeftParenthesis,
    };
}
