using Firn.Evaluation.Forcing;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Scopes;

/// <summary>A source of which the values of attributes are parsed and compiled when they are first needed.</summary>
internal sealed class DeferringSource(Evaluator eval, Parser parser, SkimmedSource text)
{
    /// <summary>Compiles all but the values of attributes.</summary>
    public Code CompileRoot(Scope scope) => new Compiler(eval).Tail(parser.ParseRoot(text), scope);

    /// <summary>Compiles the value that starts at <paramref name="position"/>.</summary>
    public Code Compile(int position, Symbol? name, Scope scope)
    {
        try
        {
            return new Compiler(eval).Compile(parser.ParseValue(text, position, name), scope);
        }
        catch (InsufficientExecutionStackException)
        {
            throw eval.TooDeep();
        }
    }
}
