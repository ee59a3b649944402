using System.Collections.Immutable;
using System.Globalization;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Calls, selections and the terms that they are made of.</summary>
public sealed partial class Parser
{
    /// <summary>Where the <c>or</c> that the last selection took for a variable ends, or 0.</summary>
    private int _orEnd;

    private Expression ParseApplication()
    {
        var start = _lexer.Start;
        var function = ParseSelection();
        if (!_lexer.Kind.StartsTerm() || IsLetExpression())
        {
            return function;
        }

        if (_isSkimming)
        {
            return SkimArguments();
        }

        var floor = _expressions.Count;
        if (function is Call call)
        {
            // As upstream merges `(f x) y` and `f x y`.
            start = call.Start - _base;
            function = call.Function;
            foreach (var argument in call.Arguments)
            {
                _expressions.Push(argument);
            }
        }

        do
        {
            var (argument, before) = (_lexer.Start, _lexer.PreviousEnd);
            _expressions.Push(ParseSelection());
            _lastArgument = (argument, before, _lexer.PreviousEnd);
            WarnOfOr(argument);
        }
        while (_lexer.Kind.StartsTerm() && !IsLetExpression());
        return new Call(At(start), PreviousEnd, function, _expressions.TakeAbove(floor));
    }

    private Expression MakeCall(int position, Expression function, ImmutableArray<Expression> arguments) => function switch
    {
        _ when _isSkimming => _skimmed,
        Call call => new Call(call.Start, PreviousEnd, call.Function, [.. call.Arguments, .. arguments]),
        _ => new Call(position, PreviousEnd, function, arguments),
    };

    private bool IsLetExpression() => _lexer.Kind == TokenKind.Let && _lexer.PeekByte() != '{';

    private Expression ParseSelection()
    {
        var start = _lexer.Start;
        var target = ParseTerm();
        _orEnd = 0;
        switch (_lexer.Kind)
        {
            case TokenKind.Dot:
                _lexer.Next();
                var names = _names.Count;
                ParseAttributePath();
                var fallback = _lexer.Kind == TokenKind.Or ? ParseFallback() : null;
                return _isSkimming ? Skimmed(names) : new Select(At(start), PreviousEnd, target, _names.TakeAbove(names), fallback);
            case TokenKind.Or:
                // Upstream's old special case for Nixpkgs: after a term that nothing was selected from, `or` is an argument.
                var or = new Identifier(At(start), At(_lexer.End), _symbols.Intern("or"u8));
                _variables.Use(or.Name);
                _lexer.Next();
                _orEnd = _lexer.PreviousEnd;
                return _isSkimming ? _skimmed : new Call(At(start), PreviousEnd, target, [or]);
            default:
                return target;
        }
    }

    private Expression ParseFallback()
    {
        GuardStack();
        _lexer.Next();
        var start = _lexer.Start;
        var fallback = ParseSelection();
        WarnOfOr(start);
        return fallback;
    }

    private Expression ParseTerm()
    {
        switch (_lexer.Kind)
        {
            case TokenKind.Identifier:
                return ParseIdentifier();
            case TokenKind.Integer:
                return ParseInteger();
            case TokenKind.Float:
                return ParseFloat();
            case TokenKind.Quote:
                return ParseString();
            case TokenKind.IndentedQuote:
                return ParseIndentedString();
            case TokenKind.Path or TokenKind.HomePath:
                return ParsePath();
            case TokenKind.SearchPath:
                return ParseSearchPath();
            case TokenKind.Uri:
                return ParseUri();
            case TokenKind.LeftParenthesis:
                return ParseParentheses();
            case TokenKind.LeftBrace:
                return ParseSet(_lexer.Start, isRecursive: false);
            case TokenKind.LeftBracket:
                return ParseList();
            case TokenKind.Rec:
                var rec = _lexer.Start;
                _lexer.Next();
                return ParseSet(rec, isRecursive: true);
            case TokenKind.Let when _lexer.PeekByte() == '{':
                return ParseLetSet();
            default:
                throw NotATerm();
        }
    }

    private Expression ParseIdentifier()
    {
        var (start, end) = (At(_lexer.Start), At(_lexer.End));
        var text = _lexer.Text;
        if (text.Length == 8 && text.SequenceEqual("__curPos"u8))
        {
            _lexer.Next();
            return _isSkimming ? _skimmed : new CurrentPosition(start, end);
        }

        if (_isSkimming && !_variables.IsCounting)
        {
            _lexer.Next();
            return _skimmedAtom;
        }

        var symbol = TakeSymbol();
        _variables.Use(symbol);
        return _isSkimming ? _skimmedAtom : new Identifier(start, end, symbol);
    }

    private Expression ParseInteger()
    {
        var value = 0L;
        foreach (var digit in _lexer.Text)
        {
            var next = unchecked((ulong)value * 10 + (ulong)(digit - '0'));
            if (value > long.MaxValue / 10 || next > long.MaxValue)
            {
                throw InvalidInteger();
            }

            value = (long)next;
        }

        var literal = _isSkimming ? _skimmedAtom : new IntegerLiteral(At(_lexer.Start), At(_lexer.End), value);
        _lexer.Next();
        return literal;
    }

    private Expression ParseFloat()
    {
        var text = _lexer.Text;
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponent < 0 ? text : text[..exponent];

        // The C library that upstream asks reports results that are too large, or too small to be exact, as errors.
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || double.IsInfinity(value) || double.IsSubnormal(value)
            || (value == 0 && mantissa.IndexOfAnyInRange((byte)'1', (byte)'9') >= 0))
        {
            throw InvalidFloat();
        }

        var literal = _isSkimming ? _skimmedAtom : new FloatLiteral(At(_lexer.Start), At(_lexer.End), value);
        _lexer.Next();
        return literal;
    }

    private Expression ParseUri()
    {
        CheckUri();
        var literal = _isSkimming ? _skimmedAtom : new StringLiteral(At(_lexer.Start), At(_lexer.End), _lexer.Text.ToArray());
        _lexer.Next();
        return literal;
    }

    private Expression ParseSearchPath()
    {
        if (_isSkimming)
        {
            _lexer.Next();
            return _skimmed;
        }

        var (start, end) = (At(_lexer.Start), At(_lexer.End));
        var name = new StringLiteral(start + 1, end - 1, _lexer.Text[1..^1].ToArray());
        _lexer.Next();
        return new Call(start, end, Variable("__findFile"u8), [Variable("__nixPath"u8), name]);

        Identifier Variable(ReadOnlySpan<byte> symbol) => new(start, end, _symbols.Intern(symbol));
    }

    private Expression ParseParentheses()
    {
        var open = _lexer.Start;
        _lexer.Next();
        var inner = ParseExpression();
        if (_lexer.Kind != TokenKind.RightParenthesis)
        {
            throw NoClosingParenthesis(open);
        }

        _lexer.Next();
        return inner;
    }

    private Expression ParseList()
    {
        var open = _lexer.Start;
        GuardStack();
        _lexer.Next();
        var floor = _expressions.Count;
        while (_lexer.Kind != TokenKind.RightBracket)
        {
            if (!_lexer.Kind.StartsTerm())
            {
                throw NotAListItem(open);
            }

            var (item, before) = (_lexer.Start, _lexer.PreviousEnd);
            var parsed = ParseSelection();
            _expressions.Push(parsed);
            _lastItem = (item, before, _lexer.PreviousEnd);
            WarnOfOr(item);
        }

        _lexer.Next();
        if (_isSkimming)
        {
            var isEmpty = _expressions.Count == floor;
            _expressions.DropTo(floor);
            return isEmpty ? _skimmedAtom : _skimmed;
        }

        return new ListLiteral(At(open), PreviousEnd, _expressions.TakeAbove(floor));
    }

    /// <summary>The ancient <c>let { …; body = …; }</c>: the attribute <c>body</c> of a recursive set.</summary>
    private Expression ParseLetSet()
    {
        var start = _lexer.Start;
        _lexer.Next();
        var set = ParseSet(start, isRecursive: true);
        return _isSkimming ? _skimmed : new Select(
            At(start), PreviousEnd, set, [new AttributeName(_symbols.Intern("body"u8), null, At(start), At(start + 3))], null);
    }
}
