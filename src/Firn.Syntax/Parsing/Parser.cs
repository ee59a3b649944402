using System.Runtime.CompilerServices;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Makes a tree of source text, or says what is wrong with the text.</summary>
/// <remarks>
/// Recursive descent over bytes; operators go over a stack of their own, so that long chains cost no call depth.
/// What nests deeper than the thread's stack allows is refused (<see cref="SyntaxErrors.TooDeep"/>), so give
/// it a thread with a large one.
/// </remarks>
public sealed partial class Parser
{
    private readonly SymbolTable _symbols;
    private readonly ParserOptions _options;
    private readonly Lexer _lexer = new([]);
    private SourceText _source = new(new SourceOrigin.Text(), [], "/", 0);
    private byte[] _bytes = [];
    private int _base;
    private ScratchStack<Expression> _expressions = new();
    private ScratchStack<AttributeName> _names = new();
    private List<Diagnostic>? _warnings;

    /// <summary>Makes a parser for any number of texts, one after the other.</summary>
    public Parser(SymbolTable symbols, ParserOptions options) => (_symbols, _options) = (symbols, options);

    /// <summary>Parses an expression that fills the whole <paramref name="source"/>.</summary>
    public static ParseResult Parse(SourceText source, SymbolTable symbols, ParserOptions options) =>
        new Parser(symbols, options).Parse(source);

    /// <summary>Parses attribute definitions without braces, as the prompt takes them; the root is an <see cref="AttributeSet"/>.</summary>
    public static ParseResult ParseBindings(SourceText source, SymbolTable symbols, ParserOptions options) =>
        new Parser(symbols, options).Run(source, parser => parser.ParseWholeBindings());

    /// <summary>Parses an expression that fills the whole <paramref name="source"/>.</summary>
    public ParseResult Parse(SourceText source) => Run(source, parser => parser.ParseWhole());

    private void Open(SourceText source)
    {
        (_source, _bytes, _base) = (source, source.Bytes, source.Base);
        _lexer.Open(source.Bytes);
        (_warnings, _baseDirectory, _values) = (null, null, null);
        (_orEnd, _afterQuestion, _isSkimming) = (0, false, false);
        _lastArgument = _lastItem = (-1, -1, -1);
        _variables.Clear();
    }

    /// <summary>Lets go of the trees, which others own now.</summary>
    private void Close()
    {
        _expressions.Clear();
        _names.Clear();
        _operators.Clear();
        _indentedParts.Clear();
        _formalNames.Clear();
    }

    private ParseResult Run(SourceText source, Func<Parser, Expression> parse)
    {
        Open(source);
        try
        {
            var root = parse(this);
            return new ParseResult(root, [], _warnings is { } warnings ? [.. warnings] : []) { FreeVariables = _variables.Free(_symbols) };
        }
        catch (SyntaxException failure)
        {
            return new ParseResult(null, [Explain(failure)], [])
            {
                IsIncomplete = failure.Diagnostic.Code == SyntaxErrors.UnexpectedEnd
                    || failure.Diagnostic.Code == SyntaxErrors.UnclosedString
                    || failure.Diagnostic.Code == SyntaxErrors.UnclosedComment,
            };
        }
        catch (InsufficientExecutionStackException)
        {
            return new ParseResult(null, [TooDeep()], []);
        }
        finally
        {
            Close();
        }
    }

    private Expression ParseWhole()
    {
        _lexer.Next();
        var root = ParseExpression();
        return _lexer.Kind == TokenKind.End ? root : throw NotTheEnd();
    }

    private AttributeSet ParseWholeBindings()
    {
        _lexer.Next();
        if (_lexer.Kind == TokenKind.End)
        {
            throw Unexpected();
        }

        var builder = NewBindings(_lexer.Start);
        ParseBindings(builder, TokenKind.End, _lexer.Start);
        var set = Freeze(builder, _lexer.Start);
        Recycle(builder);
        return set;
    }

    private int At(int offset) => _base + offset;

    private int PreviousEnd => _base + _lexer.PreviousEnd;

    private void Expect(TokenKind kind)
    {
        if (_lexer.Kind != kind)
        {
            throw Unexpected(kind.Describe());
        }

        _lexer.Next();
    }

    private static void GuardStack() => RuntimeHelpers.EnsureSufficientExecutionStack();
}
