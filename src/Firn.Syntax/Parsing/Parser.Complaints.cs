using System.Collections.Immutable;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Syntax.Printing;
using Firn.Syntax.Tokens;

namespace Firn.Syntax.Parsing;

/// <summary>How errors are put together, and which one is the cause when several places look wrong.</summary>
public sealed partial class Parser
{
    /// <summary>An error in one place that explains itself.</summary>
    private SyntaxException Failure(
        ErrorCode code, string message, int start, int end,
        ImmutableArray<string> hints = default, ImmutableArray<Label> labels = default) =>
        new(Complaint(code, message, start, end, hints, labels));

    /// <summary>A token that does not fit; the cause may be a quote or a bracket further up.</summary>
    private SyntaxException Misfit(
        ErrorCode code, string message, int start, int end,
        ImmutableArray<string> hints = default, ImmutableArray<Label> labels = default) =>
        new(Complaint(code, message, start, end, hints, labels), mayFollow: true);

    private Diagnostic Complaint(
        ErrorCode code, string message, int start, int end,
        ImmutableArray<string> hints = default, ImmutableArray<Label> labels = default) =>
        new(code, message)
        {
            Span = SpanOf(start, end),
            Hints = hints.IsDefault ? [] : hints,
            Labels = labels.IsDefault ? [] : labels,
        };

    /// <summary>A span of the source, cut at the end of its first line.</summary>
    private SourceSpan SpanOf(int start, int end)
    {
        var at = _source.Locate(_base + start);
        var line = _source.Line(at.Line);
        var length = Math.Clamp(end - start, 0, Math.Max(0, line.Length - (at.Column - 1)));
        return new SourceSpan(_source.Origin, at, length, line.ToArray());
    }

    private Label LabelAt(int start, int length, string text) => new(SpanOf(start, start + length), text);

    /// <summary>Says what stands there and what could; the words are upstream's.</summary>
    private SyntaxException Unexpected(string? expecting = null, params ImmutableArray<string> hints)
    {
        if (IsUnclosedComment(_lexer.Start))
        {
            return UnclosedComment(_lexer.Start);
        }

        switch (_lexer.Kind)
        {
            case TokenKind.PipeInto or TokenKind.PipeFrom when !_options.PipeOperators:
                return PipeDisabled();
            case TokenKind.Invalid:
                return InvalidCharacter(expecting);
            default:
                var code = _lexer.Kind == TokenKind.End ? SyntaxErrors.UnexpectedEnd : SyntaxErrors.UnexpectedToken;

                // What is missing at the end of the file is missing behind its last word, not behind the blank lines there.
                var start = _lexer.Kind == TokenKind.End ? _lexer.PreviousEnd : _lexer.Start;
                return Misfit(code, UnexpectedText(expecting), start, _lexer.End, hints);
        }
    }

    private SyntaxException UnclosedComment(int start) =>
        Failure(SyntaxErrors.UnclosedComment, "syntax error, this comment is never closed", start, start + 2, ["End the comment with `*/`."]);

    private string UnexpectedText(string? expecting) =>
        $"syntax error, unexpected {_lexer.Kind.Describe()}" + (expecting is null ? "" : $", expecting {expecting}");

    private bool IsUnclosedComment(int offset) => _lexer.ByteAt(offset) == '/' && _lexer.ByteAt(offset + 1) == '*';

    /// <summary>Looks further up for the cause of an error, where it may be one.</summary>
    private Diagnostic Explain(SyntaxException failure)
    {
        if (!failure.MayFollow)
        {
            return failure.Diagnostic;
        }

        var survey = Survey.Of(_source, _lexer.Start);
        if (survey.SuspectString >= 0)
        {
            return _bytes[survey.SuspectString] == '"'
                ? UnclosedString(survey.SuspectString).Diagnostic
                : UnclosedIndentedString(survey.SuspectString).Diagnostic;
        }

        var bracket = survey.SuspectBracket >= 0 ? survey.SuspectBracket : survey.OpenBracket;
        var isMisplaced = _lexer.Kind is TokenKind.In or TokenKind.Then or TokenKind.Else && survey.SuspectBracket >= 0;
        return bracket >= 0 && (_lexer.Kind == TokenKind.End || isMisplaced)
            ? NeverClosed(bracket)
            : WithHintOnApostrophes(failure.Diagnostic);
    }

    /// <summary>Adds what to write instead, where two apostrophes in the text of an indented string may have ended it.</summary>
    private Diagnostic WithHintOnApostrophes(Diagnostic diagnostic)
    {
        var end = _lexer.PreviousEnd;
        var endsHere = end >= 2 && _bytes.AsSpan(end - 2, 2).SequenceEqual("''"u8) && IsOnOneLine(end, _lexer.Start);
        return endsHere && _lexer.Kind != TokenKind.End && diagnostic.Code != SyntaxErrors.MissingSemicolon
            ? diagnostic with { Hints = [.. diagnostic.Hints, "Inside an indented string, two apostrophes are written as three, `'''`."] }
            : diagnostic;
    }

    private Diagnostic NeverClosed(int open)
    {
        var (text, length) = _bytes[open] == '$' ? ("${", 2) : (((char)_bytes[open]).ToString(), 1);
        var found = _lexer.Kind == TokenKind.End ? "the file ends here" : $"{_lexer.Kind.Describe()} cannot stand inside it";
        return Complaint(
            SyntaxErrors.UnclosedBracket, $"syntax error, unexpected {_lexer.Kind.Describe()}: this '{text}' is never closed",
            open, open + length,
            [$"Add the missing '{ClosingOf(text)}'."],
            [_lexer.Kind == TokenKind.End
                ? LabelAt(_lexer.PreviousEnd, 0, found)
                : LabelAt(_lexer.Start, _lexer.End - _lexer.Start, found)]);
    }

    private static char ClosingOf(string open) => open switch
    {
        "(" => ')',
        "[" => ']',
        _ => '}',
    };

    private Diagnostic TooDeep() => Complaint(
        SyntaxErrors.TooDeep, "the expression nests too deeply to be read", _lexer.Start, _lexer.End);

    private SyntaxException PipeDisabled() => Failure(
        SyntaxErrors.FeatureDisabled,
        "experimental Nix feature 'pipe-operators' is disabled; add '--extra-experimental-features pipe-operators' to enable it",
        _lexer.Start, _lexer.End);

    private SyntaxException UnclosedString(int open) => OpenInterpolation(open) is >= 0 and var dollar ? new(
        Complaint(
            SyntaxErrors.UnclosedBracket, "syntax error, this '${' is never closed: the closing '}' is missing", dollar, dollar + 2,
            ["Add the missing '}'."], [LabelAt(open, 1, "so this quote starts another string")]),
        mayFollow: true) : new(
        Complaint(
            SyntaxErrors.UnclosedString, "syntax error, this string is never closed: the closing '\"' is missing",
            open, LineEnd(open),
            ["End the string with `\"`, on the same line if it is a short one."]),
        mayFollow: true);

    // `"a ${b";`: the quote was to end the string that the interpolation is in.
    private int OpenInterpolation(int quote)
    {
        var line = _bytes.AsSpan(0, quote).LastIndexOf((byte)'\n') + 1;
        var dollar = _bytes.AsSpan(line, quote - line).LastIndexOf("${"u8);
        return dollar > 0 && !_bytes.AsSpan(line + dollar, quote - line - dollar).ContainsAny((byte)'}', (byte)'"')
            && _bytes.AsSpan(line, dollar).Contains((byte)'"')
            ? line + dollar
            : -1;
    }

    private SyntaxException UnclosedIndentedString(int open) => new(
        Complaint(
            SyntaxErrors.UnclosedString,
            "syntax error, this indented string is never closed: the closing \"''\" is missing",
            open, open + 2,
            ["End the string with two apostrophes, `''`. Inside the string, `'''` stands for two apostrophes."]),
        mayFollow: true);

    private SyntaxException NulInString(int start, int nul) => Failure(
        SyntaxErrors.NulInString,
        $"input string '{Text(start, nul)}␀…' cannot be represented as Nix string because it contains null bytes",
        nul, nul + 1);

    private SyntaxException InvalidInteger() => Failure(
        SyntaxErrors.InvalidInteger, $"invalid integer '{TokenText()}'", _lexer.Start, _lexer.End,
        ["Integers go up to 9223372036854775807. Write a float with a point, or a string."]);

    private SyntaxException InvalidFloat() => Failure(
        SyntaxErrors.InvalidFloat, $"invalid float '{TokenText()}'", _lexer.Start, _lexer.End,
        ["Floats have 64 bits: between 2.3e-308 and 1.7e308, and 0."]);

    private SyntaxException DoubleSlash(int start, int offset) => Failure(
        SyntaxErrors.DoubleSlash, "syntax error, unexpected end of path: a path cannot contain '//'", start, offset + 1,
        ["Write a single '/'. To update one set with another, put spaces around the operator `//`."]);

    private SyntaxException TrailingSlash(int start, int offset) => Failure(
        SyntaxErrors.TrailingSlash, "path has a trailing slash", start, offset, ["Write the path without its last '/'."]);

    private SyntaxException HomeInPureMode() => Failure(
        SyntaxErrors.HomeInPureMode, $"the path '{TokenText()}' can not be resolved in pure mode", _lexer.Start, _lexer.End);

    private SyntaxException HomeUnknown() => Failure(
        SyntaxErrors.HomeUnknown, $"the path '{TokenText()}' cannot be resolved: the home directory is not known",
        _lexer.Start, _lexer.End);

    private string TokenText() => Encoding.UTF8.GetString(_lexer.Text);

    private string Text(int start, int end) => Encoding.UTF8.GetString(_bytes.AsSpan(start, end - start));

    private int LineEnd(int offset)
    {
        var length = _bytes.AsSpan(offset).IndexOfAny((byte)'\n', (byte)'\r');
        return length < 0 ? _bytes.Length : offset + length;
    }

    private bool IsOnOneLine(int start, int end) => !_bytes.AsSpan(start, end - start).ContainsAny((byte)'\n', (byte)'\r');

    private static bool IsKeyword(ReadOnlySpan<byte> word) => Literals.IsKeyword(word);
}
