using Firn.Evaluation.Scopes;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Forcing;

/// <summary>The value of an attribute or variable that is parsed and compiled when it is first needed.</summary>
/// <param name="position">Where its text starts.</param>
/// <param name="name">What it is bound to, or null.</param>
/// <param name="scope">The variables that it sees.</param>
internal sealed unsafe class DeferredCode(int position, Symbol? name, Scope scope) : Code(position)
{
    private volatile Scope? _scope = scope;
    private volatile Code? _code;

    /// <summary>What it is compiled to.</summary>
    public Code Code => _code ?? Compile(null);

    public override Value Eval(Env environment, Evaluator eval) => (_code ?? Compile(eval)).Eval(environment, eval);

    public override void Delay(Env environment, Evaluator eval, Slot* target)
    {
        if (_code is { } code)
        {
            code.Delay(environment, eval, target);
        }
        else
        {
            eval.Counters?.Thunks += 1;
            Defer(environment, target);
        }
    }

    // Two threads may do it at the same time; either result will do.
    private Code Compile(Evaluator? eval)
    {
        if (_scope is not { } scope)
        {
            return _code!;
        }

        var code = scope.Source!.Compile(eval, Position, name, scope);
        _code = code;
        _scope = null;
        GiveWayTo(code);
        return code;
    }
}
