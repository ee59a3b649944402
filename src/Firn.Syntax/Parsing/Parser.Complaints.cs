using System.Collections.Immutable;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Syntax.Printing;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>What is said about text that is no expression: where it has to be changed, and how.</summary>
public sealed partial class Parser
{
    private SyntaxException Failure(
        ErrorCode code, string message, int start, int end,
        ImmutableArray<string> hints = default, ImmutableArray<Label> labels = default) =>
        new(Complaint(code, message, start, end, hints, labels));

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

    private SyntaxException Unexpected(string? expecting = null)
    {
        var kind = _lexer.Kind;
        if (kind is TokenKind.PipeInto or TokenKind.PipeFrom && !_options.PipeOperators)
        {
            return PipeDisabled();
        }

        var code = kind switch
        {
            TokenKind.End => SyntaxErrors.UnexpectedEnd,
            TokenKind.Invalid => SyntaxErrors.InvalidCharacter,
            _ => SyntaxErrors.UnexpectedToken,
        };
        var message = $"syntax error, unexpected {kind.Describe()}" + (expecting is null ? "" : $", expecting {expecting}");
        return Failure(code, message, _lexer.Start, _lexer.End);
    }

    private Diagnostic TooDeep() => Complaint(
        SyntaxErrors.TooDeep, "the expression nests too deeply to be read", _lexer.Start, _lexer.End);

    private SyntaxException NoColonAfterFormals(int start, Formals? formals, Symbol? argument) =>
        Unexpected(formals is not null && argument is null ? "':' or '@'" : "':'");

    private SyntaxException DynamicInLet(BindingsBuilder builder) => Failure(
        SyntaxErrors.DynamicInLet, "dynamic attributes not allowed in let",
        builder.Dynamic[0].Start - _base, builder.Dynamic[0].Name.End - _base);

    private SyntaxException PipeDisabled() => Failure(
        SyntaxErrors.FeatureDisabled,
        "experimental Nix feature 'pipe-operators' is disabled; add '--extra-experimental-features pipe-operators' to enable it",
        _lexer.Start, _lexer.End);

    private SyntaxException NotAFormal(int open) => Unexpected(
        _lexer.PreviousEnd == open + 1 ? "identifier or '}' or '...'" : "identifier or '}' or '...'");

    private SyntaxException NoCommaAfterFormal(int open) => Unexpected("'}' or ','");

    private SyntaxException EllipsisNotLast(int open) => Unexpected("'}'");

    private SyntaxException DuplicateFormal(Formal formal, int first) => Failure(
        SyntaxErrors.DuplicateFormal, $"duplicate formal function argument '{formal.Name}'",
        formal.Start - _base, formal.Start - _base + formal.Name.Bytes.Length);

    private SyntaxException ComparisonChain(int first, TokenKind kind) => Unexpected();

    private SyntaxException InvalidInteger() => Failure(
        SyntaxErrors.InvalidInteger, $"invalid integer '{Encoding.ASCII.GetString(_lexer.Text)}'", _lexer.Start, _lexer.End);

    private SyntaxException InvalidFloat() => Failure(
        SyntaxErrors.InvalidFloat, $"invalid float '{Encoding.ASCII.GetString(_lexer.Text)}'", _lexer.Start, _lexer.End);

    private SyntaxException NotATerm() => Unexpected();

    private SyntaxException NoClosingParenthesis(int open) => Unexpected("')'");

    private SyntaxException NotAListItem(int open) => Unexpected();

    private SyntaxException NotABinding(TokenKind close, int open) => Unexpected();

    private SyntaxException NoAssignment(int start) => Unexpected("'.' or '='");

    private SyntaxException NoSemicolon(bool afterBinding) => Unexpected("';'");

    private SyntaxException NotInherited(int start) => Unexpected();

    private SyntaxException DynamicInInherit(int start) => Failure(
        SyntaxErrors.DynamicInInherit, "dynamic attributes not allowed in inherit", start, _lexer.PreviousEnd);

    private SyntaxException DuplicateAttribute(ReadOnlySpan<AttributeName> path, int start, int first)
    {
        var name = ExpressionPrinter.PrintPath(path);
        var earlier = SpanOf(first - _base, first - _base);
        return Failure(
            SyntaxErrors.DuplicateAttribute,
            $"attribute '{name}' already defined at {earlier.Origin}:{earlier.Start.Line}:{earlier.Start.Column}",
            start - _base, start - _base + 1, labels: [new Label(earlier, "first defined here")]);
    }

    private SyntaxException NotAName() => Unexpected("identifier or 'or' or '${' or '\"'");

    private SyntaxException NoClosingBrace(int open) => Unexpected("'}'");

    private SyntaxException UnclosedString(int open) => Failure(
        SyntaxErrors.UnclosedString, "syntax error, unexpected end of file, expecting '\"'", open, open + 1);

    private SyntaxException UnclosedIndentedString(int open) => Failure(
        SyntaxErrors.UnclosedString, "syntax error, unexpected end of file, expecting end of an indented string", open, open + 2);

    private SyntaxException NulInString(int start, int nul) => Failure(
        SyntaxErrors.NulInString, "input string cannot be represented as Nix string because it contains null bytes", nul, nul + 1);

    private SyntaxException DoubleSlash(int start, int offset) => Failure(
        SyntaxErrors.DoubleSlash, "syntax error, unexpected end of path, expecting '${'", start, offset);

    private SyntaxException TrailingSlash(int start, int offset) => Failure(
        SyntaxErrors.TrailingSlash, "path has a trailing slash", start, offset);

    private SyntaxException HomeInPureMode() => Failure(
        SyntaxErrors.HomeInPureMode,
        $"the path '{Encoding.ASCII.GetString(_lexer.Text)}' can not be resolved in pure mode", _lexer.Start, _lexer.End);

    private SyntaxException HomeUnknown() => Failure(
        SyntaxErrors.HomeUnknown,
        $"the path '{Encoding.ASCII.GetString(_lexer.Text)}' cannot be resolved: the home directory is not known",
        _lexer.Start, _lexer.End);

    private void ExpectSemicolon()
    {
        if (_lexer.Kind != TokenKind.Semicolon)
        {
            throw NoSemicolon(afterBinding: false);
        }

        _lexer.Next();
    }

    private static bool IsKeyword(ReadOnlySpan<byte> word) => Literals.IsKeyword(word);
}
