using Firn.Model.Diagnostics;
using Firn.Syntax.Printing;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>What is said about definitions: missing semicolons, reserved words, names that are there already.</summary>
public sealed partial class Parser
{
    /// <summary>A ';' should stand behind the value of a definition.</summary>
    private SyntaxException NoSemicolonAfter(int name, ReadOnlySpan<AttributeName> path, Expression value)
    {
        var shown = ExpressionPrinter.PrintPath(path);
        switch (_lexer.Kind)
        {
            case TokenKind.Assign when _lastArgument.End == _lexer.PreviousEnd && EndsBeforeLastArgument(value):
                // `a = b` and `c = d;` on the next line were read as a call of b; the definition ended before c.
                return MissingSemicolon(_lastArgument.Before, $"the value of '{shown}'");
            case TokenKind.Assign when value is With { Scope: Call call }:
                return MissingSemicolon(call.Function.End - _base, "the set of 'with'");
            case TokenKind.Assign when IsOnOneLine(name, _lexer.Start):
                return AssignmentInExpression("';'");
            case TokenKind.Assign:
                return Misfit(
                    SyntaxErrors.UnexpectedToken, UnexpectedText("';'") + $": the value of '{shown}' or the ';' behind it is missing",
                    name, name, [$"Write `{shown} = value;`.", HowToCompare]);
            case TokenKind.Comma when IsFormalsWithDefaults():
                return Misfit(
                    SyntaxErrors.AssignmentInExpression, UnexpectedText("';'") + ": the default of an argument is written with '?'",
                    name, _lexer.End, [$"Write `{{ {shown} ? value, … }}: body`."]);
            case TokenKind.Comma:
                return Misfit(
                    SyntaxErrors.CommaInSet, UnexpectedText("';'") + ": the definitions of a set end with ';'",
                    _lexer.Start, _lexer.End, [$"Write `{shown} = value;`."]);
            case TokenKind.Colon or TokenKind.At:
                return NoFunctionHere("';'");
            case TokenKind.RightParenthesis or TokenKind.RightBracket:
                return Misfit(
                    SyntaxErrors.UnclosedBracket, UnexpectedText("';'") + ": nothing is open here that it could close",
                    _lexer.Start, _lexer.End, ["Remove it, or add the bracket that it closes."]);
            case TokenKind.Invalid or TokenKind.PipeFrom or TokenKind.PipeInto:
                return Unexpected("';'");
            default:
                return IsUnclosedComment(_lexer.Start)
                    ? Unexpected()
                    : MissingSemicolon(_lexer.PreviousEnd, $"the value of '{shown}'");
        }
    }

    /// <summary>Tells whether the last argument of a call is rather the name of the next definition.</summary>
    private bool EndsBeforeLastArgument(Expression value) =>
        !IsOnOneLine(_lastArgument.Before, _lastArgument.Start)
        || value is Call { Function: IntegerLiteral or FloatLiteral or StringLiteral or ListLiteral or PathLiteral };

    private SyntaxException MissingSemicolon(int at, string behind) => Misfit(
        SyntaxErrors.MissingSemicolon, UnexpectedText("';'") + $": a ';' is missing behind {behind}", at, at, ["Add the ';' here."]);

    private void ExpectSemicolon(Expression expression, string behind)
    {
        if (_lexer.Kind != TokenKind.Semicolon)
        {
            throw _lexer.Kind switch
            {
                TokenKind.Assign => AssignmentInExpression("';'"),
                TokenKind.Colon or TokenKind.At => NoFunctionHere("';'"),
                TokenKind.Invalid or TokenKind.PipeFrom or TokenKind.PipeInto => Unexpected("';'"),
                _ => MissingSemicolon(EndBeforeNextLine(expression), behind),
            };
        }

        _lexer.Next();
    }

    /// <summary>Where the ';' behind <c>with pkgs</c> belongs, when the next line was read as an argument.</summary>
    private int EndBeforeNextLine(Expression expression)
    {
        var last = expression;
        while (last is Operation operation)
        {
            last = operation.Right;
        }

        if (last is Call call)
        {
            var end = call.Function.End - _base;
            foreach (var argument in call.Arguments)
            {
                if (argument.Start - _base > end && !IsOnOneLine(end, argument.Start - _base))
                {
                    return end;
                }

                end = argument.End - _base;
            }
        }

        return _lexer.PreviousEnd;
    }

    /// <summary>Complains about <c>with pkgs [ … ];</c>, which was read as a call and then finds no body.</summary>
    private void CheckWithBody(Expression scope)
    {
        if (scope is Call call && _lexer.Kind is TokenKind.RightBrace or TokenKind.RightParenthesis or TokenKind.End or TokenKind.Semicolon)
        {
            throw MissingSemicolon(call.Function.End - _base, "the set of 'with'");
        }
    }

    private SyntaxException NoAssignment(int start, TokenKind close, int open)
    {
        const string Expecting = "'.' or '='";
        var name = Text(start, _lexer.PreviousEnd);
        switch (_lexer.Kind)
        {
            case TokenKind.Equal:
                return Misfit(
                    SyntaxErrors.ComparisonInBinding, UnexpectedText(Expecting) + ": '==' compares and does not define",
                    _lexer.Start, _lexer.End, [$"Write `{name} = value;`."]);
            case TokenKind.Colon:
                return Unexpected(Expecting, $"Attributes are defined with '=': `{name} = value;`.");
            case TokenKind.Comma or TokenKind.Question or TokenKind.RightBrace or TokenKind.At
                when close == TokenKind.RightBrace && IsFollowedByColon(open):
                return NeedsParentheses(open, open + 1, "'{'", "`({ argument }: body)`");
            case TokenKind.Semicolon or TokenKind.RightBrace or TokenKind.Comma when close == TokenKind.RightBrace:
                return Unexpected(Expecting, $"Write `{name} = value;`, or `inherit {name};` for the variable of that name.");
            case TokenKind.Identifier when close == TokenKind.RightBrace && IsFollowedByColon(open):
                return Misfit(
                    SyntaxErrors.UnexpectedToken, "syntax error, unexpected identifier, expecting ',': the arguments of a function are separated by ','",
                    _lexer.PreviousEnd, _lexer.PreviousEnd, ["Add the missing ','."]);
            default:
                return close == TokenKind.In ? NoIn(start, Expecting) : Unexpected(Expecting);
        }
    }

    private SyntaxException NoIn(int start, string expecting)
    {
        var code = _lexer.Kind == TokenKind.End ? SyntaxErrors.UnexpectedEnd : SyntaxErrors.UnexpectedToken;
        return _lexer.Kind.StartsTerm() && FollowsAssignment()
            ? Unexpected(expecting, "A function is defined as `name = argument: body;`.")
            : Misfit(
                code, UnexpectedText(expecting) + ": if the definitions of this 'let' end here, 'in' is missing",
                start, _lexer.PreviousEnd, ["Write `let … in` and then the expression."]);
    }

    /// <summary>Tells whether a '=' follows on the line of the current token.</summary>
    private bool FollowsAssignment() => Text(_lexer.Start, LineEnd(_lexer.Start)).Contains('=');

    private bool IsFollowedByColon(int open)
    {
        var closing = _bytes[open] == '{' ? Survey.FindClosing(_source, open) : -1;
        return closing >= 0 && _lexer.PeekByte(closing + 1) is (byte)':' or (byte)'@';
    }

    private bool IsFormalsWithDefaults()
    {
        var open = Survey.Of(_source, _lexer.Start).OpenBracket;
        return open >= 0 && IsFollowedByColon(open);
    }

    /// <summary>A definition or the end of the set should stand here.</summary>
    private SyntaxException NotABinding(TokenKind close, int open)
    {
        var closing = close.Describe();
        switch (_lexer.Kind)
        {
            case var kind when kind.IsKeyword() && _lexer.PeekByte() is (byte)'=' or (byte)'.':
                return ReservedWord("an attribute name", $"`\"{TokenText()}\" = value;`");
            case TokenKind.Semicolon:
                return Unexpected("'inherit'", "There is one ';' too many.");
            case TokenKind.Comma when close == TokenKind.RightBrace:
                return Misfit(
                    SyntaxErrors.CommaInSet, UnexpectedText("'inherit'") + ": the definitions of a set end with ';'",
                    _lexer.Start, _lexer.End, ["Remove the ','."]);
            case var kind when kind.IsKeyword() && close == TokenKind.RightBrace && IsFollowedByColon(open):
                return NotAFormal();
            case TokenKind.RightParenthesis or TokenKind.RightBracket or TokenKind.In or TokenKind.Then or TokenKind.Else
                when close == TokenKind.RightBrace:
                return NotClosed(open, "{", "}");
            case TokenKind.LeftBrace or TokenKind.LeftBracket or TokenKind.LeftParenthesis or TokenKind.If or TokenKind.With
                or TokenKind.Assert or TokenKind.Let or TokenKind.Rec when close == TokenKind.In:
                return Misfit(
                    SyntaxErrors.UnexpectedToken, UnexpectedText("'in'") + ": the definitions of 'let' end with 'in'",
                    _lexer.Start, _lexer.End, ["Add `in` in front of the expression."], [LabelAt(open, 3, "the 'let'")]);
            case TokenKind.RightBrace when close == TokenKind.In:
                return Unexpected("'in'", "`let … in` needs an expression behind `in`.");
            case TokenKind.Integer or TokenKind.Float:
                return Unexpected("'inherit'", $"A name that starts with a digit needs quotes: `\"{DigitsAndName()}\" = value;`.");
            case TokenKind.Update:
                return Unexpected("'inherit'", "Comments start with '#', or stand between `/*` and `*/`.");
            case TokenKind.Ellipsis:
                return Unexpected("'inherit'", "`...` stands only among the arguments of a function: `{ a, ... }: body`.");
            default:
                return Unexpected(close == TokenKind.RightBrace ? "'inherit'" : $"{closing} or 'inherit'");
        }
    }

    private string DigitsAndName() => Text(_lexer.Start, _lexer.SkipRun(_lexer.Start, ByteClass.Name));

    private SyntaxException NotAName()
    {
        const string Expecting = "identifier or 'or' or '${' or '\"'";
        return _lexer.Kind.IsKeyword() ? ReservedWord("an attribute name", $"`\"{TokenText()}\"`") : Unexpected(Expecting);
    }

    private SyntaxException NotInherited()
    {
        return _lexer.Kind switch
        {
            TokenKind.Assign or TokenKind.Dot when _lastItem.Start >= 0 && !IsOnOneLine(_lastItem.Before, _lastItem.Start) =>
                MissingSemicolon(_lastItem.Before, "the names of 'inherit'"),
            TokenKind.Assign => Unexpected("';'", "`inherit` takes names only. To give a value, write `name = value;`."),
            TokenKind.Comma => Unexpected("';'", "The names behind `inherit` are separated by spaces."),
            TokenKind.RightBrace or TokenKind.In or TokenKind.Inherit => MissingSemicolon(_lexer.PreviousEnd, "the names of 'inherit'"),
            var kind when kind.IsKeyword() => ReservedWord("an attribute name", $"`\"{TokenText()}\"`"),
            _ => Unexpected(),
        };
    }

    /// <summary>Says that a word has a meaning of its own.</summary>
    private SyntaxException ReservedWord(string use, string instead) => Misfit(
        SyntaxErrors.ReservedWord,
        UnexpectedText(null) + $": {_lexer.Kind.Describe()} is a keyword and cannot be {use} without quotes",
        _lexer.Start, _lexer.End, [$"Write {instead}."]);

    private SyntaxException DynamicInLet(BindingsBuilder builder) => Failure(
        SyntaxErrors.DynamicInLet, "dynamic attributes not allowed in let",
        builder.Dynamic[0].Start - _base, builder.Dynamic[0].Name.End - _base,
        ["The names of variables must be known before anything is evaluated. Use a set, `{ ${name} = value; }`."]);

    private SyntaxException DynamicInInherit(int start) => Failure(
        SyntaxErrors.DynamicInInherit, "dynamic attributes not allowed in inherit", start, _lexer.PreviousEnd,
        ["Write `${name} = set.${name};`."]);

    private SyntaxException DuplicateAttribute(ReadOnlySpan<AttributeName> path, int start, int first)
    {
        var name = ExpressionPrinter.PrintPath(path);
        var earlier = SpanOf(first - _base, PathEnd(first - _base));
        return Failure(
            SyntaxErrors.DuplicateAttribute,
            $"attribute '{name}' already defined at {earlier.Origin}:{earlier.Start.Line}:{earlier.Start.Column}",
            start - _base, PathEnd(start - _base),
            ["Remove one of the definitions. Only sets written with `{ }` are merged."],
            [new Label(earlier, "first defined here")]);
    }

    /// <summary>Returns the offset behind the attribute path that was read at <paramref name="start"/>.</summary>
    private int PathEnd(int start)
    {
        var lexer = new Lexer(_bytes);
        lexer.Resume(start);
        var end = lexer.End;
        while (lexer.Kind is TokenKind.Identifier or TokenKind.Or or TokenKind.Dot)
        {
            end = lexer.End;
            lexer.Next();
        }

        return end;
    }
}
