using System.Runtime.CompilerServices;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Forcing;

/// <summary><c>target.name</c></summary>
internal sealed class SelectCode(int position, Code target, Symbol name) : Code(position)
{
    private int _hint;

    public Code Target { get; } = target;

    public Symbol Name { get; } = name;

    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        var value = Target.Eval(environment, eval);
        if (value is not AttributeSet set)
        {
            throw eval.NotASet(Position, value, Name);
        }

        ref var slot = ref set.Find(Name.Id, ref _hint);
        if (Unsafe.IsNullRef(ref slot))
        {
            throw eval.MissingAttribute(Position, Name, set);
        }

        if (slot.Item is Thunk thunk)
        {
            var forced = thunk.Result ?? thunk.Force(eval);
            slot.Item = forced;
            return forced;
        }

        return slot.Value;
    }

    public override Value Delay(Slot[] environment, Evaluator eval)
    {
        // What is there already needs no thunk; nothing is forced for it.
        if (Target is LocalCode && Target.Delay(environment, eval) is AttributeSet set)
        {
            ref var slot = ref set.Find(Name.Id, ref _hint);
            if (!Unsafe.IsNullRef(ref slot))
            {
                var found = slot.Item is Thunk { Result: { } result } ? result : slot.Value;
                return found is NixList list ? new NixList(list.Items) : found;
            }
        }

        return base.Delay(environment, eval);
    }
}

/// <summary><c>target.${name}</c></summary>
internal sealed class SelectDynamicCode(int position, Code target, Code name) : Code(position)
{
    public Code Target { get; } = target;

    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        var value = Target.Eval(environment, eval);
        var symbol = AttributePath.NameOf(name, environment, eval, Position);
        if (value is not AttributeSet set)
        {
            throw eval.NotASet(Position, value, symbol);
        }

        return eval.Force(set.Find(symbol) ?? throw eval.MissingAttribute(Position, symbol, set));
    }
}

/// <summary><c>target.path or fallback</c></summary>
internal sealed class SelectOrCode(int position, Code target, AttributePath path, Code fallback) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval) =>
        path.Find(target.Eval(environment, eval), environment, eval) is { } found
            ? eval.Force(found)
            : fallback.Eval(environment, eval);
}

/// <summary><c>target ? path</c></summary>
internal sealed class HasAttributeCode(int position, Code target, AttributePath path) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval) =>
        NixBool.Of(path.Find(target.Eval(environment, eval), environment, eval) is not null);
}

/// <summary>The names in <c>a.b.${c}</c>.</summary>
internal sealed class AttributePath(AttributePath.Step[] steps)
{
    /// <summary>Follows the path from <paramref name="value"/>; null where an attribute is missing or the value is no set.</summary>
    public Value? Find(Value value, Slot[] environment, Evaluator eval)
    {
        Value? found = value;
        for (var i = 0; i < steps.Length; i++)
        {
            ref var step = ref steps[i];
            if (eval.Force(found) is not AttributeSet set)
            {
                return null;
            }

            var id = step.Name?.Id ?? NameOf(step.Dynamic!, environment, eval, step.Position).Id;
            ref var slot = ref set.Find(id, ref step.Hint);
            if (Unsafe.IsNullRef(ref slot))
            {
                return null;
            }

            found = slot.Value;
        }

        return found;
    }

    public static Symbol NameOf(Code name, Slot[] environment, Evaluator eval, int position) =>
        eval.Symbols.Intern(eval.ForceStringWithoutContext(name.Eval(environment, eval), position, "while evaluating an attribute name").Bytes);

    public struct Step(Symbol? name, Code? dynamic, int position)
    {
        public readonly Symbol? Name = name;
        public readonly Code? Dynamic = dynamic;
        public readonly int Position = position;
        public int Hint;
    }
}
