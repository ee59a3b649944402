using System.Collections.Immutable;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>What is said about the arguments of functions.</summary>
public sealed partial class Parser
{
    private SyntaxException NoColonAfterFormals(Formals? formals, Symbol? argument)
    {
        var expecting = formals is not null && argument is null ? "':' or '@'" : "':'";
        if (_lexer.Kind == TokenKind.Invalid || IsUnclosedComment(_lexer.Start))
        {
            return Unexpected(expecting);
        }

        var code = _lexer.Kind == TokenKind.End ? SyntaxErrors.UnexpectedEnd : SyntaxErrors.UnexpectedToken;
        ImmutableArray<string> hints = formals is { Items: [var first, ..] } && argument is null
            ? ["This is read as the arguments of a function, `{ a, b }: body`.",
               $"For a set write `{{ {first.Name} = value; }}` or `{{ inherit {first.Name}; }}`."]
            : ["A function is written `argument: body`."];
        return new SyntaxException(Complaint(
            code, UnexpectedText(expecting) + ": a ':' is missing behind the arguments of the function",
            _lexer.PreviousEnd, _lexer.PreviousEnd, hints));
    }

    private SyntaxException NotAFormal() => _lexer.Kind switch
    {
        var kind when kind.IsKeyword() || kind == TokenKind.Or => Misfit(
            SyntaxErrors.ReservedWord,
            UnexpectedText("identifier or '...' or '}'") + $": {kind.Describe()} is a keyword and cannot be an argument",
            _lexer.Start, _lexer.End, [$"Take the whole set and select from it: `args: args.\"{TokenText()}\"`."]),
        TokenKind.Comma => Unexpected("identifier or '...' or '}'", "There is one ',' too many."),
        _ => Unexpected("identifier or '...' or '}'"),
    };

    private SyntaxException NoCommaAfterFormal() => _lexer.Kind switch
    {
        TokenKind.Identifier or TokenKind.Ellipsis => Misfit(
            SyntaxErrors.UnexpectedToken, UnexpectedText("'}' or ','") + ": the arguments of a function are separated by ','",
            _lexer.PreviousEnd, _lexer.PreviousEnd, ["Add the missing ','."]),
        TokenKind.Assign => Unexpected("'}' or ','", "The default of an argument is written with '?': `{ a ? 1 }: body`."),
        TokenKind.Semicolon => Unexpected("'}' or ','", "The arguments of a function are separated by ','."),
        _ => Unexpected("'}' or ','"),
    };

    private SyntaxException EllipsisNotLast() =>
        Unexpected("'}'", "`...` stands behind all the other arguments: `{ a, b, ... }: body`.");

    private SyntaxException DuplicateFormal(Formal formal, int first) => Failure(
        SyntaxErrors.DuplicateFormal, $"duplicate formal function argument '{formal.Name}'",
        formal.Start - _base, formal.Start - _base + formal.Name.Bytes.Length,
        labels: [LabelAt(first - _base, formal.Name.Bytes.Length, "the same name here")]);
}
