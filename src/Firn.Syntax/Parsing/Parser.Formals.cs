using System.Collections.Immutable;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>The attributes that a function takes, <c>{ a, b ? c, ... }</c>.</summary>
public sealed partial class Parser
{
    /// <summary>Tells whether the brace at hand starts the arguments of a function and not a set.</summary>
    private bool StartsFormals()
    {
        var first = _lexer.SkipBlanks(_lexer.End);
        switch (_lexer.ByteAt(first))
        {
            case (byte)'}':
                return _lexer.PeekByte(first + 1) is (byte)':' or (byte)'@';
            case (byte)'.':
                return _lexer.ByteAt(first + 1) == '.' && _lexer.ByteAt(first + 2) == '.';
            case var b when (ByteClasses.Table[b] & ByteClass.NameStart) != 0:
                var end = _lexer.SkipRun(first, ByteClass.Name);
                return _lexer.PeekByte(end) is (byte)',' or (byte)'?' or (byte)'}'
                    && !IsKeyword(_bytes.AsSpan(first, end - first));
            default:
                return false;
        }
    }

    private Formals ParseFormals()
    {
        Expect(TokenKind.LeftBrace);
        var formals = ImmutableArray.CreateBuilder<Formal>();
        while (true)
        {
            switch (_lexer.Kind)
            {
                case TokenKind.RightBrace:
                    _lexer.Next();
                    return new Formals(formals.DrainToImmutable(), HasEllipsis: false);
                case TokenKind.Ellipsis:
                    _lexer.Next();
                    CloseFormals();
                    return new Formals(formals.DrainToImmutable(), HasEllipsis: true);
                case TokenKind.Identifier:
                    formals.Add(ParseFormal());
                    break;
                default:
                    throw NotAFormal();
            }

            if (_lexer.Kind == TokenKind.Comma)
            {
                _lexer.Next();
            }
            else if (_lexer.Kind != TokenKind.RightBrace)
            {
                throw NoCommaAfterFormal();
            }
        }
    }

    private Formal ParseFormal()
    {
        var position = At(_lexer.Start);
        var name = TakeSymbol();
        if (_lexer.Kind != TokenKind.Question)
        {
            return new Formal(name, position, null);
        }

        _lexer.Next();
        return new Formal(name, position, ParseExpression());
    }

    private void CloseFormals()
    {
        if (_lexer.Kind != TokenKind.RightBrace)
        {
            throw EllipsisNotLast();
        }

        _lexer.Next();
    }

    private void CheckFormals(int start, Formals formals, Symbol? argument)
    {
        var items = formals.Items;
        if (items.Length <= 8)
        {
            for (var i = 1; i < items.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    if (items[i].Name == items[j].Name)
                    {
                        throw DuplicateFormal(items[i], items[j].Start);
                    }
                }
            }
        }
        else
        {
            var seen = new Dictionary<Symbol, int>(items.Length);
            foreach (var formal in items)
            {
                if (!seen.TryAdd(formal.Name, formal.Start))
                {
                    throw DuplicateFormal(formal, seen[formal.Name]);
                }
            }
        }

        if (argument is not null)
        {
            foreach (var formal in items)
            {
                if (formal.Name == argument)
                {
                    throw DuplicateFormal(new Formal(argument, At(start), null), formal.Start);
                }
            }
        }
    }
}
