using System.Runtime.InteropServices;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Reading a text without making a tree of it: whether it is right, which variables are free, where the values of attributes are.</summary>
/// <remarks>
/// Most of what is in a file of Nixpkgs is never evaluated. So a file is skimmed once, and the value of an attribute is parsed
/// when somebody wants it. What is wrong with a text is said by parsing it whole.
/// </remarks>
public sealed partial class Parser
{
    // Stand for expressions that no tree is made of; an atom is a literal, a variable or an empty list.
    private static readonly Expression _skimmed = new ListLiteral(0, 0, []);
    private static readonly Expression _skimmedAtom = new ListLiteral(0, 0, []);

    private readonly VariableUses _variables = new();
    private readonly List<ValueRange> _ranges = [];
    private ScratchStack<Symbol> _formalNames = new();
    private SkimmedSource? _values;
    private bool _isSkimming;

    /// <summary>Looks over a text that fills the whole <paramref name="source"/>; null when something is wrong with it, or unusual.</summary>
    public SkimmedSource? Skim(SourceText source)
    {
        Open(source);
        _ranges.Clear();
        _isSkimming = true;
        try
        {
            _ = ParseWhole();
            return _variables.Free(_symbols) is { } free
                ? new SkimmedSource(source, [.. _ranges], free, _warnings is { } warnings ? [.. warnings] : [])
                : null;
        }
        catch (SyntaxException)
        {
            return null;
        }
        catch (InsufficientExecutionStackException)
        {
            return null;
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Parses a text that was skimmed; the values of attributes become <see cref="Deferred"/>.</summary>
    /// <exception cref="InsufficientExecutionStackException">The stack does not allow it.</exception>
    public Expression ParseRoot(SkimmedSource source) => ParseFrom(source, 0);

    /// <summary>Parses a value that was left out, and leaves out those in it.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="position">The global position of its first byte.</param>
    /// <param name="name">The attribute or variable that it is bound to, or null.</param>
    /// <exception cref="InsufficientExecutionStackException">The stack does not allow it.</exception>
    public Expression ParseValue(SkimmedSource source, int position, Symbol? name)
    {
        var value = ParseFrom(source, position - source.Source.Base);
        if (name is not null)
        {
            NameFunctions(value, name);
        }

        return value;
    }

    private Expression ParseFrom(SkimmedSource source, int offset)
    {
        Open(source.Source);
        _values = source;
        _variables.StopCounting();
        try
        {
            _lexer.Resume(offset);
            return ParseExpression();
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Parses the value of an attribute, or leaves it for later.</summary>
    private Expression ParseValue()
    {
        var start = _lexer.Start;
        if (_isSkimming)
        {
            var index = _ranges.Count;
            _ranges.Add(default);
            var value = ParseExpression();
            if (ReferenceEquals(value, _skimmedAtom))
            {
                // Making it is no more work than remembering where it is.
                _ranges.RemoveAt(index);
            }
            else
            {
                CollectionsMarshal.AsSpan(_ranges)[index] = new ValueRange(start, _lexer.PreviousEnd);
            }

            return value;
        }

        if (_values?.FindEnd(start) is { } end)
        {
            _lexer.Resume(end);
            return new Deferred(At(start), At(end));
        }

        return ParseExpression();
    }

    private Expression Skimmed(int names)
    {
        _names.DropTo(names);
        return _skimmed;
    }

    private Expression SkimLambda()
    {
        var uses = _variables.Enter();
        var floor = _formalNames.Count;
        if (_lexer.Kind == TokenKind.Identifier)
        {
            var argument = TakeSymbol();
            if (_lexer.Kind == TokenKind.At)
            {
                _lexer.Next();
                SkimFormals();
            }

            _formalNames.Push(argument);
        }
        else
        {
            SkimFormals();
            if (_lexer.Kind == TokenKind.At)
            {
                _lexer.Next();
                _formalNames.Push(_lexer.Kind == TokenKind.Identifier ? TakeSymbol() : throw Unexpected());
            }
        }

        Expect(TokenKind.Colon);
        _variables.BeginLeaving();
        foreach (var name in _formalNames.Above(floor))
        {
            if (!_variables.Bind(name))
            {
                throw Unexpected();
            }
        }

        _ = ParseExpression();
        _variables.BeginLeaving();
        foreach (var name in _formalNames.Above(floor))
        {
            _variables.Bind(name);
        }

        _formalNames.DropTo(floor);
        _variables.Leave(uses);
        return _skimmed;
    }

    private void SkimFormals()
    {
        Expect(TokenKind.LeftBrace);
        while (_lexer.Kind != TokenKind.RightBrace)
        {
            if (_lexer.Kind == TokenKind.Ellipsis)
            {
                _lexer.Next();
                break;
            }

            if (_lexer.Kind != TokenKind.Identifier)
            {
                throw Unexpected();
            }

            _formalNames.Push(TakeSymbol());
            if (_lexer.Kind == TokenKind.Question)
            {
                _lexer.Next();
                _ = ParseExpression();
            }

            if (_lexer.Kind == TokenKind.Comma)
            {
                _lexer.Next();
            }
            else if (_lexer.Kind != TokenKind.RightBrace)
            {
                throw Unexpected();
            }
        }

        Expect(TokenKind.RightBrace);
    }

    private Expression SkimArguments()
    {
        do
        {
            var argument = _lexer.Start;
            _ = ParseSelection();
            WarnOfOr(argument);
        }
        while (_lexer.Kind.StartsTerm() && !IsLetExpression());
        return _skimmed;
    }

    private Expression SkimString()
    {
        var open = _lexer.Start;
        var offset = _lexer.End;
        var interpolates = false;
        while (true)
        {
            var start = offset;
            while (true)
            {
                var length = _bytes.AsSpan(offset).IndexOfAny(_specialInString);
                if (length < 0)
                {
                    throw UnclosedString(open);
                }

                offset += length;
                if (IsLiteralEnd(offset))
                {
                    break;
                }

                _text.Clear();
                offset = ReadSpecial(open, start, offset);
            }

            if (_bytes[offset] == '"')
            {
                _lexer.Resume(offset + 1);
                return interpolates ? _skimmed : _skimmedAtom;
            }

            interpolates = true;
            offset = SkimInterpolated(offset);
        }
    }

    private Expression SkimIndentedString()
    {
        var open = _lexer.Start;
        var offset = _lexer.End;
        var interpolates = false;
        while (true)
        {
            var start = offset;
            offset = SkipIndentedText(open, offset);
            CheckNoNul(start, offset);
            var next = _lexer.ByteAt(offset + 1);
            if (_bytes[offset] == '$' && next == '{')
            {
                interpolates = true;
                offset = SkimInterpolated(offset);
            }
            else if (_bytes[offset] == '\'' && next == '\'' && !IsIndentedEscape(offset))
            {
                _lexer.Resume(offset + 2);
                return interpolates ? _skimmed : _skimmedAtom;
            }
            else
            {
                var floor = _indentedParts.Count;
                offset = PushIndentedEscape(offset);
                _indentedParts.DropTo(floor);
            }
        }
    }

    private int SkimInterpolated(int offset)
    {
        var floor = _expressions.Count;
        offset = ParseInterpolated(offset);
        _expressions.DropTo(floor);
        return offset;
    }

    private Expression SkimFirstSegments()
    {
        CheckPath();
        if (_lexer.Kind == TokenKind.HomePath)
        {
            _ = HomeDirectory();
        }

        return _skimmedAtom;
    }
}
