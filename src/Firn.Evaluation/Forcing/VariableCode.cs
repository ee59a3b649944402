using System.Runtime.CompilerServices;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Forcing;

/// <summary>A variable at a known place: so many environments out, then so many places in.</summary>
internal sealed unsafe class LocalCode(int position, Symbol name, int depth, int index) : Code(position)
{
    public Symbol Name { get; } = name;

    public int Depth => depth;

    public int Index => index;

    public override Value Eval(Env environment, Evaluator eval) => eval.Force(Find(environment));

    public override void Delay(Env environment, Evaluator eval, Slot* target)
    {
        var slot = Find(environment);
        if (slot->IsEmpty)
        {
            // In a recursive set a sibling further down is not there yet.
            Defer(environment, target);
        }
        else if (slot->Kind == Kind.List)
        {
            // One list however often the variable is mentioned, for printers that tell repeated ones.
            target->Value = Value.ThunkAt(slot);
        }
        else
        {
            target->Value = Known(slot);
        }
    }

    /// <summary>Returns what is in the variable, computed as far as it is; empty when it is not there yet.</summary>
    public Value Peek(Env environment) => Known(Find(environment));

    /// <summary>Returns the value in a slot, of a thunk its result if it has one.</summary>
    public static Value Known(Slot* slot)
    {
        var value = slot->Value;
        if (value.IsThunk)
        {
            var result = Value.At(value.Handle)->Value;
            return result.IsForced && !result.IsList ? result : value;
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slot* Find(Env environment)
    {
        for (var i = depth; i > 0; i--)
        {
            environment = environment.Outer;
        }

        return environment.At(index);
    }
}

/// <summary>A variable that may come from one of the <c>with</c> scopes around it.</summary>
/// <param name="position">Where it stands.</param>
/// <param name="name">The variable.</param>
/// <param name="scopes">How many environments out each <c>with</c> is, innermost first.</param>
/// <param name="candidates">Names to suggest when it is in none of them.</param>
internal sealed unsafe class WithVariableCode(int position, Symbol name, int[] scopes, Func<IEnumerable<Symbol>> candidates) : Code(position)
{
    public Symbol Name { get; } = name;

    /// <summary>How many environments out each <c>with</c> is, innermost first.</summary>
    public int[] Scopes => scopes;

    public override Value Eval(Env environment, Evaluator eval)
    {
        foreach (var depth in scopes)
        {
            var slot = ScopeAt(environment, depth, eval).FindSlot(Name.Id);
            if (slot != null)
            {
                return eval.Force(slot);
            }
        }

        throw eval.UndefinedVariable(Position, Name, Candidates(environment, eval));
    }

    private AttributeSet ScopeAt(Env environment, int depth, Evaluator eval)
    {
        var frame = environment;
        for (var i = depth; i > 0; i--)
        {
            frame = frame.Outer;
        }

        ref var scope = ref frame[1];
        if (scope.Kind != Kind.Set)
        {
            scope.Value = eval.ForceSet(scope.Value, Position, "while evaluating the first subexpression of a with expression");
        }

        return new AttributeSet(scope.Handle);
    }

    private IEnumerable<Symbol> Candidates(Env environment, Evaluator eval)
    {
        foreach (var symbol in candidates())
        {
            yield return symbol;
        }

        foreach (var depth in scopes)
        {
            foreach (var (member, _, _) in ScopeAt(environment, depth, eval).ByName(eval.Symbols))
            {
                yield return member;
            }
        }
    }
}

/// <summary><c>with scope; body</c></summary>
internal sealed unsafe class WithCode(int position, Frame frame, Code scope, Code body) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var inner = Env.Make(eval.Heap, environment, frame.Size);
        scope.Delay(environment, eval, inner.At(1));
        return body.Eval(inner, eval);
    }
}

/// <summary>Tells the places of <c>let</c>, <c>rec</c> and <c>inherit (…)</c>: what is put where in an environment.</summary>
/// <param name="Index">The place.</param>
/// <param name="Value">The code that is delayed there.</param>
internal readonly record struct Placement(int Index, Code Value);

/// <summary><c>let … in body</c> whose variables live in the environment around it.</summary>
internal sealed unsafe class LetInFrameCode(int position, Placement[] placements, Code body) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        // A run after one that failed finds them there, with what was computed already; others may be looking at them.
        if (placements.Length > 0 && environment[placements[^1].Index].IsEmpty)
        {
            foreach (var placement in placements)
            {
                placement.Value.Delay(environment, eval, environment.At(placement.Index));
            }
        }

        return body.Eval(environment, eval);
    }
}

/// <summary><c>let … in body</c> with an environment of its own.</summary>
internal sealed unsafe class LetCode(int position, Frame frame, Placement[] placements, Code body) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var inner = Env.Make(eval.Heap, environment, frame.Size);
        foreach (var placement in placements)
        {
            placement.Value.Delay(inner, eval, inner.At(placement.Index));
        }

        return body.Eval(inner, eval);
    }
}

/// <summary>How many places an environment has, which is known when all code in it is compiled.</summary>
internal sealed unsafe class Frame
{
    /// <summary>With place 0, which holds the environment around it.</summary>
    public int Size { get; set; } = 1;
}
