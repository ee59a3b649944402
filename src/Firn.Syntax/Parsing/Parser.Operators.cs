using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Operators: precedence, associativity and the trees they become.</summary>
public sealed partial class Parser
{
    private const int NotPrecedence = 7;
    private const int QuestionPrecedence = 11;
    private const int NegatePrecedence = 12;

    private ScratchStack<PendingOperator> _operators = new();

    /// <summary>An operator that waits for the end of its right operand; <paramref name="Left"/> is null for a prefix.</summary>
    private readonly record struct PendingOperator(
        TokenKind Kind, int Precedence, int Position, Expression? Left, int LeftStart);

    private Expression ParseOperation()
    {
        var floor = _operators.Count;
        while (true)
        {
            while (_lexer.Kind is TokenKind.Not or TokenKind.Minus)
            {
                var precedence = _lexer.Kind == TokenKind.Not ? NotPrecedence : NegatePrecedence;
                _operators.Push(new PendingOperator(_lexer.Kind, precedence, At(_lexer.Start), null, At(_lexer.Start)));
                _lexer.Next();
            }

            var start = At(_lexer.Start);
            var operand = ParseApplication();
            while (_lexer.Kind == TokenKind.Question)
            {
                Reduce(ref operand, ref start, floor, QuestionPrecedence);
                _lexer.Next();
                var names = _names.Count;
                ParseAttributePath();
                _afterQuestion = _lexer.Kind == TokenKind.Colon;
                operand = _isSkimming ? Skimmed(names) : new HasAttribute(start, PreviousEnd, operand, _names.TakeAbove(names));
            }

            var kind = _lexer.Kind;
            var incoming = Precedence(kind);
            Reduce(ref operand, ref start, floor, IsRightAssociative(kind) ? incoming + 1 : incoming);
            if (incoming == 0)
            {
                return operand;
            }

            _operators.Push(new PendingOperator(kind, incoming, At(_lexer.Start), operand, start));
            _lexer.Next();
        }
    }

    /// <summary>Finishes the waiting operators that bind at least as tightly as <paramref name="precedence"/>.</summary>
    private void Reduce(ref Expression operand, ref int start, int floor, int precedence)
    {
        while (_operators.Count > floor && _operators.Top.Precedence >= precedence)
        {
            // Two comparisons in a row mean nothing; an equal precedence on the stack is the first of them.
            if (_operators.Top.Precedence == precedence && IsComparison(_operators.Top.Kind) && IsComparison(_lexer.Kind))
            {
                throw ComparisonChain(_operators.Top.Kind);
            }

            var pending = _operators.Pop();
            operand = Combine(pending, operand);
            start = pending.LeftStart;
        }
    }

    private Expression Combine(in PendingOperator pending, Expression right)
    {
        if (_isSkimming)
        {
            return _skimmed;
        }

        var (position, end) = (pending.Position, PreviousEnd);
        if (pending.Left is not { } left)
        {
            return pending.Kind == TokenKind.Not ? new Not(position, end, right) : new Negate(position, end, right);
        }

        return pending.Kind == TokenKind.Plus
            ? new Interpolation(position, end, [left, right], isString: false)
            : new Operation(position, end, OperatorOf(pending.Kind), left, right);
    }

    private static int Precedence(TokenKind kind) => kind switch
    {
        TokenKind.Implies => 1,
        TokenKind.OrElse => 2,
        TokenKind.AndAlso => 3,
        TokenKind.Equal or TokenKind.NotEqual => 4,
        TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual => 5,
        TokenKind.Update => 6,
        TokenKind.Plus or TokenKind.Minus => 8,
        TokenKind.Star or TokenKind.Slash => 9,
        TokenKind.Concatenate => 10,
        _ => 0,
    };

    private static bool IsRightAssociative(TokenKind kind) =>
        kind is TokenKind.Implies or TokenKind.Update or TokenKind.Concatenate;

    private static bool IsComparison(TokenKind kind) => kind is >= TokenKind.Equal and <= TokenKind.GreaterOrEqual;

    private static Operator OperatorOf(TokenKind kind) => kind switch
    {
        TokenKind.Implies => Operator.Implies,
        TokenKind.OrElse => Operator.Or,
        TokenKind.AndAlso => Operator.And,
        TokenKind.Equal => Operator.Equal,
        TokenKind.NotEqual => Operator.NotEqual,
        TokenKind.Less => Operator.LessThan,
        TokenKind.LessOrEqual => Operator.LessOrEqual,
        TokenKind.Greater => Operator.GreaterThan,
        TokenKind.GreaterOrEqual => Operator.GreaterOrEqual,
        TokenKind.Update => Operator.Update,
        TokenKind.Minus => Operator.Subtract,
        TokenKind.Star => Operator.Multiply,
        TokenKind.Slash => Operator.Divide,
        _ => Operator.Concatenate,
    };
}
