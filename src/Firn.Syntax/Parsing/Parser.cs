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
    private readonly SourceText _source;
    private readonly byte[] _bytes;
    private readonly int _base;
    private readonly SymbolTable _symbols;
    private readonly ParserOptions _options;
    private readonly Lexer _lexer;
    private ScratchStack<Expression> _expressions = new();
    private ScratchStack<AttributeName> _names = new();
    private List<Diagnostic>? _warnings;

    private Parser(SourceText source, SymbolTable symbols, ParserOptions options)
    {
        (_source, _bytes, _base) = (source, source.Bytes, source.Base);
        (_symbols, _options) = (symbols, options);
        _lexer = new Lexer(source.Bytes);
    }

    /// <summary>Parses an expression that fills the whole <paramref name="source"/>.</summary>
    public static ParseResult Parse(SourceText source, SymbolTable symbols, ParserOptions options) =>
        Run(source, symbols, options, parser => parser.ParseWhole());

    /// <summary>Parses attribute definitions without braces, as the prompt takes them; the root is an <see cref="AttributeSet"/>.</summary>
    public static ParseResult ParseBindings(SourceText source, SymbolTable symbols, ParserOptions options) =>
        Run(source, symbols, options, parser => parser.ParseWholeBindings());

    private static ParseResult Run(
        SourceText source, SymbolTable symbols, ParserOptions options, Func<Parser, Expression> parse)
    {
        var parser = new Parser(source, symbols, options);
        try
        {
            var root = parse(parser);
            return new ParseResult(root, [], parser._warnings is { } warnings ? [.. warnings] : []);
        }
        catch (SyntaxException failure)
        {
            return new ParseResult(null, [parser.Explain(failure)], [])
            {
                IsIncomplete = failure.Diagnostic.Code == SyntaxErrors.UnexpectedEnd
                    || failure.Diagnostic.Code == SyntaxErrors.UnclosedString
                    || failure.Diagnostic.Code == SyntaxErrors.UnclosedComment,
            };
        }
        catch (InsufficientExecutionStackException)
        {
            return new ParseResult(null, [parser.TooDeep()], []);
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
        return Finish(builder, _lexer.Start);
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
