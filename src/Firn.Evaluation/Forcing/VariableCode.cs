using System.Runtime.CompilerServices;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Forcing;

/// <summary>A variable at a known place: so many environments out, then so many places in.</summary>
internal sealed class LocalCode(int position, Symbol name, int depth, int index) : Code(position)
{
    public Symbol Name { get; } = name;

    public int Depth => depth;

    public int Index => index;

    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        ref var slot = ref Find(environment);
        if (slot.Item is Thunk thunk)
        {
            var value = thunk.Result ?? thunk.Force(eval);
            slot.Item = value;
            return value;
        }

        return slot.Value;
    }

    public override Value Delay(Slot[] environment, Evaluator eval)
    {
        ref var slot = ref Find(environment);
        return slot.Item switch
        {
            // In a recursive set a sibling further down is not there yet.
            null => new Thunk(this, environment),
            Thunk { Result: { } result } => result,
            var value => Unsafe.As<Value>(value),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot Find(Slot[] environment)
    {
        for (var i = depth; i > 0; i--)
        {
            environment = Unsafe.As<Slot[]>(environment[0].Item!);
        }

        return ref environment[index];
    }
}

/// <summary>A variable that may come from one of the <c>with</c> scopes around it.</summary>
/// <param name="position">Where it stands.</param>
/// <param name="name">The variable.</param>
/// <param name="scopes">How many environments out each <c>with</c> is, innermost first.</param>
/// <param name="candidates">Names to suggest when it is in none of them.</param>
internal sealed class WithVariableCode(int position, Symbol name, int[] scopes, Func<IEnumerable<Symbol>> candidates) : Code(position)
{
    public Symbol Name { get; } = name;

    /// <summary>How many environments out each <c>with</c> is, innermost first.</summary>
    public int[] Scopes => scopes;

    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        foreach (var depth in scopes)
        {
            if (ScopeAt(environment, depth, eval).Find(Name) is { } value)
            {
                return eval.Force(value);
            }
        }

        throw eval.UndefinedVariable(Position, Name, Candidates(environment, eval));
    }

    private AttributeSet ScopeAt(Slot[] environment, int depth, Evaluator eval)
    {
        var frame = environment;
        for (var i = depth; i > 0; i--)
        {
            frame = Unsafe.As<Slot[]>(frame[0].Item!);
        }

        if (frame[1].Item is AttributeSet set)
        {
            return set;
        }

        set = eval.ForceSet(frame[1].Value, Position, "while evaluating the first subexpression of a with expression");
        frame[1].Item = set;
        return set;
    }

    private IEnumerable<Symbol> Candidates(Slot[] environment, Evaluator eval)
    {
        foreach (var symbol in candidates())
        {
            yield return symbol;
        }

        foreach (var depth in scopes)
        {
            foreach (var id in ScopeAt(environment, depth, eval).Flat(eval.Shapes).Shape.Symbols)
            {
                yield return eval.Symbols[id];
            }
        }
    }
}

/// <summary><c>with scope; body</c></summary>
internal sealed class WithCode(int position, Frame frame, Code scope, Code body) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        var inner = new Slot[frame.Size];
        inner[0].Item = environment;
        inner[1].Value = scope.Delay(environment, eval);
        return body.Eval(inner, eval);
    }
}

/// <summary>Tells the places of <c>let</c>, <c>rec</c> and <c>inherit (…)</c>: what is put where in an environment.</summary>
/// <param name="Index">The place.</param>
/// <param name="Value">The code that is delayed there.</param>
internal readonly record struct Placement(int Index, Code Value);

/// <summary><c>let … in body</c> whose variables live in the environment around it.</summary>
internal sealed class LetInFrameCode(int position, Placement[] placements, Code body) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        // Cleared first: a sibling that is not there yet must not be seen from an earlier run.
        foreach (var placement in placements)
        {
            environment[placement.Index].Item = null;
        }

        foreach (var placement in placements)
        {
            environment[placement.Index].Value = placement.Value.Delay(environment, eval);
        }

        return body.Eval(environment, eval);
    }
}

/// <summary><c>let … in body</c> with an environment of its own.</summary>
internal sealed class LetCode(int position, Frame frame, Placement[] placements, Code body) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        var inner = new Slot[frame.Size];
        inner[0].Item = environment;
        foreach (var placement in placements)
        {
            inner[placement.Index].Value = placement.Value.Delay(inner, eval);
        }

        return body.Eval(inner, eval);
    }
}

/// <summary>How many places an environment has, which is known when all code in it is compiled.</summary>
internal sealed class Frame
{
    /// <summary>With place 0, which holds the environment around it.</summary>
    public int Size { get; set; } = 1;
}
