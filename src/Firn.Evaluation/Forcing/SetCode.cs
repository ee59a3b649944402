using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary><c>{ … }</c> with known names, not recursive.</summary>
internal sealed unsafe class SetCode(int position, Shape shape, Code[] values) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var set = AttributeSet.Make(eval.Heap, shape, values.Length);
        var slots = set.FirstSlot;
        for (var i = 0; i < values.Length; i++)
        {
            values[i].Delay(environment, eval, slots + i);
        }

        return set;
    }
}

/// <summary>Any other set: recursive, with computed names, or with <c>inherit (…)</c>.</summary>
/// <param name="position">Where it starts.</param>
/// <param name="frame">The environment that the set makes: siblings of a recursive set, sources of <c>inherit (…)</c>.</param>
/// <param name="placements">What is put there.</param>
/// <param name="shape">The names that are known.</param>
/// <param name="values">Their code, in the order of the shape.</param>
/// <param name="isOuter">For each of <paramref name="values"/>, whether it runs in the environment around the set.</param>
/// <param name="dynamic">The attributes with computed names.</param>
/// <param name="overrides">The place of <c>__overrides</c> and the places of all attributes by shape, or null.</param>
internal sealed unsafe class GeneralSetCode(
    int position, Frame frame, Placement[] placements, Shape shape, Code[] values, bool[] isOuter,
    DynamicAttribute[] dynamic, Overrides? overrides) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var inner = Env.Make(eval.Heap, environment, frame.Size);
        foreach (var placement in placements)
        {
            placement.Value.Delay(inner, eval, inner.At(placement.Index));
        }

        var set = AttributeSet.Make(eval.Heap, shape, values.Length);
        var slots = set.FirstSlot;
        for (var i = 0; i < values.Length; i++)
        {
            values[i].Delay(isOuter[i] ? environment : inner, eval, slots + i);
        }

        if (overrides is not null)
        {
            set = Override(set, inner, eval);
        }

        return dynamic.Length == 0 ? set : AddDynamic(set, environment, inner, eval);
    }

    private AttributeSet Override(AttributeSet set, Env inner, Evaluator eval)
    {
        var over = eval.ForceSet(inner[overrides!.Place].Value, Position, "while evaluating the `__overrides` attribute").Flat(eval.Shapes);
        for (var i = 0; i < over.Count; i++)
        {
            var index = shape.Find(over.Shape.Symbols[i]);
            if (index >= 0)
            {
                inner[overrides.Places[index]].Value = over.Slots[i];
            }
        }

        return set.Update(over, eval.Shapes);
    }

    private AttributeSet AddDynamic(AttributeSet set, Env environment, Env inner, Evaluator eval)
    {
        var added = new AttributeSetBuilder(dynamic.Length);
        var seen = dynamic.Length > 1 ? new HashSet<int>() : null;
        foreach (var attribute in dynamic)
        {
            var own = attribute.IsOuter ? environment : inner;
            var name = attribute.Name.Eval(own, eval);
            if (name.IsNull)
            {
                continue;
            }

            var symbol = eval.SymbolOf(eval.ForceStringWithoutContext(name, attribute.Position, "while evaluating the name of a dynamic attribute"));
            if (set.Find(symbol) is not null || seen?.Add(symbol.Id) == false)
            {
                var earlier = set.FindPosition(symbol);
                throw eval.Error(
                    EvaluationErrors.DuplicateAttribute, attribute.Position,
                    $"dynamic attribute '{symbol}' already defined at {eval.DescribePosition(earlier)}");
            }

            added.Add(symbol, attribute.Value.Delay(own, eval), attribute.Position);
        }

        return set.Update(added.Build(), eval.Shapes);
    }
}

/// <summary>An attribute whose name is computed.</summary>
internal sealed record DynamicAttribute(Code Name, Code Value, int Position, bool IsOuter);

/// <summary>Where <c>__overrides</c> stands in the environment, and where each attribute of the shape does.</summary>
internal sealed record Overrides(int Place, int[] Places);

/// <summary><c>[ … ]</c></summary>
internal sealed unsafe class ListCode(int position, Code[] items) : Code(position)
{
    // A short list costs hardly more than the thunk that would stand for it.
    private const int MaxEagerItems = 2;

    public override Value Eval(Env environment, Evaluator eval)
    {
        var slots = eval.Heap.Allocate(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            items[i].Delay(environment, eval, slots + i);
        }

        return new NixList(slots, items.Length);
    }

    public override void Delay(Env environment, Evaluator eval, Slot* target)
    {
        if (items.Length <= MaxEagerItems)
        {
            target->Value = Eval(environment, eval);
        }
        else
        {
            Defer(environment, target);
        }
    }
}
