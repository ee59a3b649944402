using Firn.Evaluation.Memory;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary>Computes the many slots of a list or set that a builtin makes, each from its place when it is needed.</summary>
/// <remarks>Before the slots stand, once for all of them, the function and what it is applied to.</remarks>
internal abstract unsafe class IndexedCode
{
    private uint _id;

    /// <summary>Computes the slot at a place.</summary>
    /// <param name="head">The function, and behind it what the slots are made from.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="eval">The evaluator.</param>
    public abstract Value Eval(Slot* head, Slot* slot, Evaluator eval);

    /// <summary>The list or set that a slot is computed from, and the item's place there; null when there is none.</summary>
    public virtual (Value Source, int Index)? ItemOf(Slot* head, Slot* slot) => null;

    protected void Defer(Slot* head, Slot* slots, int count)
    {
        _id = _id == 0 ? Heap.Current.Register(this) : _id;
        var bits = (ulong)Kind.Indexed | ((ulong)_id << 5) | ((ulong)Value.HandleOf(head) << 32);
        for (var i = 0; i < count; i++)
        {
            slots[i].Bits = bits;
        }
    }
}

/// <summary><c>builtins.map</c></summary>
internal sealed unsafe class MapCode : IndexedCode
{
    public NixList Make(Value function, NixList list)
    {
        var head = Heap.Current.Allocate(2 + list.Count);
        head[0].Value = function;
        head[1].Value = list;
        Defer(head, head + 2, list.Count);
        return new NixList(head + 2, list.Count);
    }

    public override (Value Source, int Index)? ItemOf(Slot* head, Slot* slot) => (head[1].Value, (int)(slot - (head + 2)));

    public override Value Eval(Slot* head, Slot* slot, Evaluator eval) =>
        eval.Call(head->Value, head[1].Value.AsList!.Value.First[slot - (head + 2)].Value);
}

/// <summary><c>builtins.genList</c></summary>
internal sealed unsafe class GenListCode : IndexedCode
{
    public NixList Make(Value function, int count)
    {
        var head = Heap.Current.Allocate(1 + count);
        head[0].Value = function;
        Defer(head, head + 1, count);
        return new NixList(head + 1, count);
    }

    public override Value Eval(Slot* head, Slot* slot, Evaluator eval) => eval.Call(head->Value, NixInt.Of(slot - (head + 1)));
}

/// <summary><c>builtins.mapAttrs</c></summary>
internal sealed unsafe class MapAttrsCode : IndexedCode
{
    // The function, the set, the first word of the set that is made.
    private const int SlotsBegin = 3;

    public AttributeSet Make(Value function, AttributeSet flat, ShapeCache shapes)
    {
        var count = flat.Count;
        var head = Heap.Current.Allocate(SlotsBegin + count);
        head[0].Value = function;
        head[1].Value = flat;
        head[2].Bits = shapes.WithoutPositions(flat.Shape).Handle;
        Defer(head, head + SlotsBegin, count);
        return new AttributeSet(Value.HandleOf(head + 2));
    }

    public override (Value Source, int Index)? ItemOf(Slot* head, Slot* slot) => (head[1].Value, (int)(slot - (head + SlotsBegin)));

    public override Value Eval(Slot* head, Slot* slot, Evaluator eval)
    {
        var set = head[1].Value.AsSet!.Value;
        var index = (int)(slot - (head + SlotsBegin));
        return eval.Call(head->Value, eval.NameValue(set.Shape.Symbols[index]), set.FirstSlot[index].Value);
    }
}
