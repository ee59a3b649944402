using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Forcing;

/// <summary><c>target.name</c></summary>
internal sealed unsafe class SelectCode(int position, Code target, Symbol name) : Code(position)
{
    private Hint _hint;

    public Code Target { get; } = target;

    public Symbol Name { get; } = name;

    public override Value Eval(Env environment, Evaluator eval)
    {
        var value = Target.Eval(environment, eval);
        if (value.AsSet is not { } set)
        {
            throw eval.NotASet(Position, value, Name);
        }

        var slot = set.FindSlot(Name.Id, ref _hint);
        return slot != null ? eval.Force(slot) : throw eval.MissingAttribute(Position, Name, set);
    }

    public override void Delay(Env environment, Evaluator eval, Slot* target)
    {
        // What is there already needs no thunk; nothing is forced for it.
        if (Target is LocalCode local && local.Peek(environment) is { Kind: Kind.Set } known)
        {
            var slot = new AttributeSet(known.Handle).FindSlot(Name.Id, ref _hint);
            if (slot != null)
            {
                target->Value = LocalCode.Known(slot);
                return;
            }
        }

        Defer(environment, target);
    }
}

/// <summary><c>target.${name}</c></summary>
internal sealed unsafe class SelectDynamicCode(int position, Code target, Code name) : Code(position)
{
    public Code Target { get; } = target;

    public override Value Eval(Env environment, Evaluator eval)
    {
        var value = Target.Eval(environment, eval);
        var symbol = AttributePath.NameOf(name, environment, eval, Position);
        if (value.AsSet is not { } set)
        {
            throw eval.NotASet(Position, value, symbol);
        }

        return eval.Force(set.Find(symbol) ?? throw eval.MissingAttribute(Position, symbol, set));
    }
}

/// <summary><c>target.path or fallback</c></summary>
internal sealed unsafe class SelectOrCode(int position, Code target, AttributePath path, Code fallback) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) =>
        path.Find(target.Eval(environment, eval), environment, eval) is { } found
            ? eval.Force(found)
            : fallback.Eval(environment, eval);
}

/// <summary><c>target ? path</c></summary>
internal sealed unsafe class HasAttributeCode(int position, Code target, AttributePath path) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) =>
        NixBool.Of(path.Find(target.Eval(environment, eval), environment, eval) is not null);
}

/// <summary>The names in <c>a.b.${c}</c>.</summary>
internal sealed unsafe class AttributePath(AttributePath.Step[] steps)
{
    /// <summary>Follows the path from <paramref name="value"/>; null where an attribute is missing or the value is no set.</summary>
    public Value? Find(Value value, Env environment, Evaluator eval)
    {
        var found = value;
        for (var i = 0; i < steps.Length; i++)
        {
            ref var step = ref steps[i];
            if (eval.Force(found).AsSet is not { } set)
            {
                return null;
            }

            var slot = step.Name is { } name
                ? set.FindSlot(name.Id, ref step.Hint)
                : set.FindSlot(NameOf(step.Dynamic!, environment, eval, step.Position).Id);
            if (slot == null)
            {
                return null;
            }

            found = slot->Value;
        }

        return found;
    }

    public static Symbol NameOf(Code name, Env environment, Evaluator eval, int position) =>
        eval.SymbolOf(eval.ForceStringWithoutContext(name.Eval(environment, eval), position, "while evaluating an attribute name"));

    public struct Step(Symbol? name, Code? dynamic, int position)
    {
        public readonly Symbol? Name = name;
        public readonly Code? Dynamic = dynamic;
        public readonly int Position = position;
        public Hint Hint;
    }
}
