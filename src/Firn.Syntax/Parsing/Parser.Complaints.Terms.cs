using Firn.Syntax.Tokens;

namespace Firn.Syntax.Parsing;

/// <summary>What is said when a value is missing, or when something follows a value that cannot.</summary>
public sealed partial class Parser
{
    private const string HowToCompare = "To compare two values, write `==`.";

    /// <summary>Where the last argument of the last call stands, and where the token in front of it ended; for messages.</summary>
    private (int Start, int Before, int End) _lastArgument = (-1, -1, -1);

    /// <summary>The same for the last item of the last list, and the last name behind <c>inherit</c>.</summary>
    private (int Start, int Before, int End) _lastItem = (-1, -1, -1);

    /// <summary>Whether a ':' followed <c>a ? b</c>, as in other languages' conditional operator.</summary>
    private bool _afterQuestion;

    /// <summary>A value should start here.</summary>
    private SyntaxException NotATerm()
    {
        if (_lexer.Kind == TokenKind.Slash && IsUnclosedComment(_lexer.Start))
        {
            return Unexpected();
        }

        if (_lexer.Kind == TokenKind.Star && IsUnclosedComment(_lexer.Start - 1))
        {
            // Behind a value the comment looks like a division.
            return UnclosedComment(_lexer.Start - 1);
        }

        return _lexer.Kind switch
        {
            TokenKind.If or TokenKind.With or TokenKind.Assert or TokenKind.Let when !StartsExpression() =>
                NeedsParentheses(_lexer.Start, _lexer.End, $"{_lexer.Kind.Describe()}", $"`({TokenText()} …)`"),
            TokenKind.DollarBrace => Unexpected(
                null, "`${…}` works inside strings, paths and attribute names. Elsewhere write the expression by itself."),
            TokenKind.Update => Unexpected(null, "Comments start with '#'. The operator `//` needs a set on its left."),
            TokenKind.Or => Unexpected(null, "`or` gives the value for a missing attribute: `set.name or value`."),
            TokenKind.Ellipsis => Unexpected(null, "`...` stands only among the arguments of a function: `{ a, ... }: body`."),
            TokenKind.Greater when PreviousByte() == '<' => Unexpected(null, "Inequality is written `a != b`."),
            TokenKind.Equal or TokenKind.NotEqual or TokenKind.AndAlso or TokenKind.OrElse or TokenKind.Implies
                or TokenKind.Plus or TokenKind.Star or TokenKind.Concatenate or TokenKind.Less or TokenKind.Greater
                or TokenKind.LessOrEqual or TokenKind.GreaterOrEqual or TokenKind.Slash =>
                Unexpected(null, $"The operator {_lexer.Kind.Describe()} needs a value on its left."),
            TokenKind.Semicolon when PreviousByte() == '=' =>
                Unexpected(null, "The value between '=' and ';' is missing."),
            TokenKind.Semicolon or TokenKind.RightBrace or TokenKind.RightBracket or TokenKind.RightParenthesis
                or TokenKind.Then or TokenKind.Else or TokenKind.In or TokenKind.Comma =>
                Unexpected(null, $"A value is missing in front of {_lexer.Kind.Describe()}."),
            _ => Unexpected(),
        };
    }

    // Where an expression may start, these words do not need parentheses; the error is then another one.
    private bool StartsExpression() => _lexer.Kind == TokenKind.Let && _lexer.PeekByte() == '{';

    private SyntaxException NeedsParentheses(int start, int end, string what, string form) => Misfit(
        SyntaxErrors.NeedsParentheses, $"syntax error, unexpected {what}: inside a larger expression it needs parentheses",
        start, end, [$"Write {form}."]);

    /// <summary>The whole expression has ended, and the text goes on.</summary>
    private SyntaxException NotTheEnd() => _lexer.Kind switch
    {
        TokenKind.Colon or TokenKind.At => NoFunctionHere("end of file"),
        TokenKind.Assign when _lexer.ByteAt(_lexer.End) != '>' => Misfit(
            SyntaxErrors.AssignmentInExpression, UnexpectedText("end of file") + ": '=' defines an attribute, and no set is open here",
            _lexer.Start, _lexer.End,
            ["Put definitions into a set, `{ name = value; }`, or between `let` and `in`.", HowToCompare]),
        TokenKind.Assign => AssignmentInExpression("end of file"),
        TokenKind.RightBrace or TokenKind.RightBracket or TokenKind.RightParenthesis => Misfit(
            SyntaxErrors.UnclosedBracket, UnexpectedText("end of file") + ": nothing is open that it could close",
            _lexer.Start, _lexer.End, [$"Remove this {_lexer.Kind.Describe()}, or add the bracket that it closes."]),
        TokenKind.Semicolon => Unexpected("end of file", "A ';' ends definitions in a set or in `let`, not an expression."),
        TokenKind.Comma => Unexpected("end of file", "Arguments are written one after the other: `f a b`."),
        TokenKind.If or TokenKind.With or TokenKind.Assert or TokenKind.Let => NeedsParentheses(
                _lexer.Start, _lexer.End, $"{_lexer.Kind.Describe()}, expecting end of file", $"`({TokenText()} …)`"),
        _ => Unexpected("end of file"),
    };

    /// <summary>A ':' follows something that cannot be the argument of a function here.</summary>
    private SyntaxException NoFunctionHere(string expecting)
    {
        if (_afterQuestion)
        {
            return Unexpected(expecting, "There is no operator `a ? b : c`. Write `if a then b else c`.");
        }

        var start = _lastArgument.End == _lexer.PreviousEnd ? _lastArgument.Start
            : _lastItem.End == _lexer.PreviousEnd ? _lastItem.Start : _lexer.Start;
        return Misfit(
            SyntaxErrors.NeedsParentheses,
            UnexpectedText(expecting) + ": a function inside a larger expression needs parentheses",
            start, _lexer.End, ["Write `(argument: body)`."]);
    }

    private SyntaxException ComparisonChain(TokenKind first)
    {
        var sign = _lexer.Kind.Describe().Trim('\'');
        var before = first.Describe().Trim('\'');
        return Misfit(
            SyntaxErrors.ComparisonChain, UnexpectedText(null) + ": comparisons cannot be chained", _lexer.Start, _lexer.End,
            [$"Write `a {before} b && b {sign} c`, or parentheses around one of the comparisons."]);
    }

    /// <summary>A '=' follows a complete expression where nothing can be defined.</summary>
    private SyntaxException AssignmentInExpression(string expecting)
    {
        if (_lexer.ByteAt(_lexer.End) == '>')
        {
            return Misfit(
                SyntaxErrors.AssignmentInExpression, UnexpectedText(expecting), _lexer.Start, _lexer.End + 1,
                ["Functions are written `argument: body`."]);
        }

        return Misfit(
            SyntaxErrors.AssignmentInExpression, UnexpectedText(expecting) + ": '=' defines an attribute, '==' compares",
            _lexer.Start, _lexer.End, [HowToCompare]);
    }

    private SyntaxException NoThen() => _lexer.Kind == TokenKind.Assign
        ? AssignmentInExpression("'then'")
        : _lexer.Kind == TokenKind.Colon
            ? NoFunctionHere("'then'")
            : Unexpected("'then'", "A condition is written `if a then b else c`.");

    private SyntaxException NoElse() => _lexer.Kind switch
    {
        TokenKind.Assign => AssignmentInExpression("'else'"),
        TokenKind.Colon => NoFunctionHere("'else'"),
        TokenKind.Then => Unexpected("'else'", "A second condition is written `else if … then …`."),
        TokenKind.Semicolon or TokenKind.End or TokenKind.RightBrace or TokenKind.RightParenthesis or TokenKind.RightBracket or TokenKind.In =>
            Misfit(
                SyntaxErrors.UnexpectedToken, UnexpectedText("'else'") + ": every 'if' needs an 'else'",
                _lexer.PreviousEnd, _lexer.PreviousEnd, ["Add `else` and a value, such as `null`, `[ ]`, `{ }` or `\"\"`."]),
        _ => Unexpected("'else'"),
    };

    private SyntaxException NoClosingParenthesis(int open)
    {
        return _lexer.Kind switch
        {
            TokenKind.Assign => AssignmentInExpression("')'"),
            TokenKind.Colon or TokenKind.At => NoFunctionHere("')'"),
            TokenKind.Comma => Unexpected("')'", "Arguments are written one after the other, without commas: `f a b`."),
            _ => NotClosed(open, "(", ")"),
        };
    }

    private SyntaxException NoClosingBrace(int open) => _lexer.Kind switch
    {
        TokenKind.Colon or TokenKind.At => NoFunctionHere("'}'"),
        TokenKind.Assign => AssignmentInExpression("'}'"),
        _ => NotClosed(open, "${", "}"),
    };

    /// <summary>A bracket should be closed here, behind the token before.</summary>
    private SyntaxException NotClosed(int open, string opening, string closing)
    {
        if (_lexer.Kind is TokenKind.Invalid || IsUnclosedComment(_lexer.Start))
        {
            return Unexpected($"'{closing}'");
        }

        return Misfit(
            SyntaxErrors.UnclosedBracket, UnexpectedText($"'{closing}'"), _lexer.PreviousEnd, _lexer.PreviousEnd,
            [$"Add the missing '{closing}'."], [LabelAt(open, opening.Length, $"this '{opening}' is not closed")]);
    }

    private SyntaxException NotAListItem(int open)
    {
        switch (_lexer.Kind)
        {
            case TokenKind.Comma:
                return Misfit(
                    SyntaxErrors.CommaInList, "syntax error, unexpected ',': the items of a list are separated by spaces",
                    _lexer.Start, _lexer.End, ["Remove the commas from the list: `[ a b ]`."],
                    [LabelAt(open, 1, "in this list")]);
            case TokenKind.Semicolon when !IsClosedLater(open):
                return NotClosed(open, "[", "]");
            case TokenKind.Semicolon:
                return Misfit(
                    SyntaxErrors.SemicolonInList, "syntax error, unexpected ';': the items of a list are separated by spaces",
                    _lexer.Start, _lexer.End, ["Remove the ';', or close the list with ']' in front of it."],
                    [LabelAt(open, 1, "in this list")]);
            case TokenKind.Assign:
                return AssignmentInList(open);
            case TokenKind.Colon or TokenKind.At:
                return NoFunctionHere("']'");
            case TokenKind.If or TokenKind.With or TokenKind.Assert or TokenKind.Let:
                return NeedsParentheses(
                    _lexer.Start, _lexer.End, $"{_lexer.Kind.Describe()} in a list", $"`[ ({TokenText()} …) ]`");
            case var kind when kind is TokenKind.Not or TokenKind.Question or TokenKind.PipeInto or TokenKind.PipeFrom
                || Precedence(kind) > 0:
                if (kind == TokenKind.Minus && char.IsAsciiDigit((char)_lexer.ByteAt(_lexer.End)))
                {
                    return Unexpected(null, "A negative number in a list needs parentheses: `[ 1 (-2) ]`.");
                }

                return Unexpected(null, "An operation in a list needs parentheses: `[ (a + b) ]`.");
            default:
                return NotClosed(open, "[", "]");
        }
    }

    private SyntaxException AssignmentInList(int open)
    {
        // `[ a` and a definition on a line of its own: the list was to end before that line.
        var name = _lastItem.Start;
        if (name > open && _lastItem.End == _lexer.PreviousEnd && !IsOnOneLine(_lastItem.Before, name))
        {
            return Misfit(
                SyntaxErrors.UnclosedBracket, UnexpectedText("']'") + ": the list is not closed",
                _lastItem.Before, _lastItem.Before, ["Add the missing ']'."], [LabelAt(open, 1, "this '[' is not closed")]);
        }

        return Misfit(
            SyntaxErrors.AssignmentInExpression, UnexpectedText(null) + ": the items of a list have no names",
            _lexer.Start, _lexer.End, ["For named values write a set, `{ name = value; }`.", HowToCompare],
            [LabelAt(open, 1, "in this list")]);
    }

    private bool IsClosedLater(int open)
    {
        var closing = Survey.FindClosing(_source, open);
        return closing >= 0 && !Text(_lexer.End, closing).Contains('=');
    }

    private byte PreviousByte() => _lexer.PreviousEnd > 0 ? _bytes[_lexer.PreviousEnd - 1] : (byte)0;
}
