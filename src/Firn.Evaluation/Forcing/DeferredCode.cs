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
    private Scope? _scope = scope;
    private Code? _code;

    /// <summary>What it is compiled to.</summary>
    public Code Code => _code ?? Compile();

    public override Value Eval(Env environment, Evaluator eval) => Code.Eval(environment, eval);

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

    private Code Compile()
    {
        var code = _scope!.Source!.Compile(Position, name, _scope);
        (_code, _scope) = (code, null);
        GiveWayTo(code);
        return code;
    }
}
