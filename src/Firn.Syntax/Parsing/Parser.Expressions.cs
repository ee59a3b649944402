using Firn.Syntax.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>The forms that reach as far to the right as they can: functions, <c>let</c>, <c>with</c>, <c>assert</c>, <c>if</c>, pipes.</summary>
public sealed partial class Parser
{
    private Expression ParseExpression()
    {
        GuardStack();
        switch (_lexer.Kind)
        {
            case TokenKind.Identifier when _lexer.PeekByte() is (byte)':' or (byte)'@':
                return ParseLambda();
            case TokenKind.LeftBrace when StartsFormals():
                return ParseLambda();
            case TokenKind.Let when _lexer.PeekByte() != '{':
                return ParseLet();
            case TokenKind.With:
                return ParseWith();
            case TokenKind.Assert:
                return ParseAssert();
            case TokenKind.If:
                return ParseConditional();
            default:
                var operand = ParseOperation();
                return _lexer.Kind switch
                {
                    TokenKind.PipeInto => ParsePipeInto(operand),
                    TokenKind.PipeFrom => ParsePipeFrom(operand),
                    _ => operand,
                };
        }
    }

    private Expression ParseLambda()
    {
        if (_isSkimming)
        {
            return SkimLambda();
        }

        var uses = _variables.Enter();
        var (start, docStart, docEnd) = (_lexer.Start, _lexer.DocStart, _lexer.DocEnd);
        Symbol? argument = null;
        Formals? formals = null;
        if (_lexer.Kind == TokenKind.Identifier)
        {
            argument = TakeSymbol();
            if (_lexer.Kind == TokenKind.At)
            {
                _lexer.Next();
                formals = ParseFormals();
            }
        }
        else
        {
            formals = ParseFormals();
            if (_lexer.Kind == TokenKind.At)
            {
                _lexer.Next();
                argument = _lexer.Kind == TokenKind.Identifier ? TakeSymbol() : throw Unexpected("identifier");
            }
        }

        if (_lexer.Kind != TokenKind.Colon)
        {
            throw NoColonAfterFormals(formals, argument);
        }

        if (formals is not null)
        {
            CheckFormals(start, formals, argument);
        }

        _lexer.Next();
        var body = ParseExpression();
        LeaveLambda(uses, argument, formals);
        var lambda = new Lambda(At(start), body.End, argument, formals, body);
        if (docStart >= 0)
        {
            Document(lambda, docStart, docEnd);
        }

        return lambda;
    }

    private void LeaveLambda(int uses, Symbol? argument, Formals? formals)
    {
        _variables.BeginLeaving();
        if (argument is not null)
        {
            _variables.Bind(argument);
        }

        foreach (var formal in formals is null ? [] : formals.Items)
        {
            _variables.Bind(formal.Name);
        }

        _variables.Leave(uses);
    }

    private Expression ParseLet()
    {
        var start = _lexer.Start;
        _lexer.Next();
        var builder = NewBindings(start);
        builder.BindsVariables = true;
        var uses = _variables.Enter();
        ParseBindings(builder, TokenKind.In, start);
        if (builder.Dynamic.Count > 0)
        {
            throw DynamicInLet(builder);
        }

        var bindings = _isSkimming ? null : Freeze(builder, _lexer.Start).Bindings;
        _lexer.Next();
        var body = ParseExpression();
        Leave(builder, uses);
        Recycle(builder);
        return bindings is null ? _skimmed : new LetIn(At(start), body.End, bindings, body);
    }

    private Expression ParseWith()
    {
        var start = _lexer.Start;
        _lexer.Next();
        var scope = ParseExpression();
        ExpectSemicolon(scope, "the set of 'with'");
        CheckWithBody(scope);
        _variables.EnterWith();
        var body = ParseExpression();
        _variables.LeaveWith();
        return _isSkimming ? _skimmed : new With(At(start), body.End, scope, body);
    }

    private Expression ParseAssert()
    {
        var start = _lexer.Start;
        _lexer.Next();

        // All of it: a message may show the condition.
        var values = _values;
        _values = null;
        var condition = ParseExpression();
        _values = values;
        ExpectSemicolon(condition, "the condition of 'assert'");
        var body = ParseExpression();
        return _isSkimming ? _skimmed : new Assert(At(start), body.End, condition, body);
    }

    private Expression ParseConditional()
    {
        var start = _lexer.Start;
        _lexer.Next();
        var condition = ParseExpression();
        if (_lexer.Kind != TokenKind.Then)
        {
            throw NoThen();
        }

        _lexer.Next();
        var then = ParseExpression();
        if (_lexer.Kind != TokenKind.Else)
        {
            throw NoElse();
        }

        _lexer.Next();
        var @else = ParseExpression();
        return _isSkimming ? _skimmed : new Conditional(At(start), @else.End, condition, then, @else);
    }

    private Expression ParsePipeInto(Expression value)
    {
        while (_lexer.Kind == TokenKind.PipeInto)
        {
            var position = TakePipe();
            var function = ParseOperation();
            value = MakeCall(position, function, [value]);
        }

        return _lexer.Kind == TokenKind.PipeFrom ? throw Unexpected("end of file") : value;
    }

    private Expression ParsePipeFrom(Expression function)
    {
        var floor = _expressions.Count;
        var positions = new List<int>();
        _expressions.Push(function);
        while (_lexer.Kind == TokenKind.PipeFrom)
        {
            positions.Add(TakePipe());
            _expressions.Push(ParseOperation());
        }

        if (_lexer.Kind == TokenKind.PipeInto)
        {
            throw Unexpected("end of file");
        }

        var argument = _expressions.Pop();
        while (_expressions.Count > floor)
        {
            argument = MakeCall(positions[^1], _expressions.Pop(), [argument]);
            positions.RemoveAt(positions.Count - 1);
        }

        return argument;
    }

    private int TakePipe()
    {
        if (!_options.PipeOperators)
        {
            throw PipeDisabled();
        }

        var position = At(_lexer.Start);
        _lexer.Next();
        return position;
    }

    private Symbol TakeSymbol()
    {
        var symbol = _symbols.Intern(_lexer.Text);
        _lexer.Next();
        return symbol;
    }

    /// <summary>Gives a function its documentation, and the function that it returns, where that has none of its own.</summary>
    private void Document(Expression? expression, int start, int end)
    {
        while (expression is Lambda { DocComment: null } lambda)
        {
            lambda.DocComment = (At(start), At(end));
            expression = lambda.Body;
        }
    }
}
