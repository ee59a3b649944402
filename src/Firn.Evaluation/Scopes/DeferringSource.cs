using Firn.Evaluation.Forcing;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Scopes;

/// <summary>A source of which the values of attributes are parsed and compiled when they are first needed.</summary>
/// <param name="first">Whose source it is.</param>
/// <param name="text">What was found out about it.</param>
internal sealed class DeferringSource(Evaluator first, SkimmedSource text)
{
    /// <summary>Compiles the value that starts at <paramref name="position"/>.</summary>
    /// <param name="eval">On whose thread; null for the one that made this.</param>
    /// <param name="position">Where it starts.</param>
    /// <param name="name">What it is bound to, or null.</param>
    /// <param name="scope">The variables that it sees.</param>
    public Code Compile(Evaluator? eval, int position, Symbol? name, Scope scope)
    {
        eval ??= first;
        try
        {
            return new Compiler(eval).Compile(eval.Files.ParseValue(text, position, name), scope);
        }
        catch (InsufficientExecutionStackException)
        {
            throw eval.TooDeep();
        }
    }
}
