using System.Runtime.CompilerServices;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Forcing;

/// <summary>A function; <c>a: b: body</c> is one function of two parameters.</summary>
/// <param name="position">Where it starts.</param>
/// <param name="name">The attribute or variable that it was bound to where it was written, or null.</param>
/// <param name="parameters">The names of the arguments, as many as the body waits for; null for a pattern without <c>@</c>.</param>
/// <param name="pattern">How the last argument is taken apart, or null.</param>
/// <param name="frame">The environment of a call: arguments from place 1, then the pattern's attributes, then variables of the body.</param>
/// <param name="body">What a call computes.</param>
internal sealed unsafe class LambdaCode(int position, Symbol? name, Symbol?[] parameters, Pattern? pattern, Frame frame, Code body) : Code(position)
{
    public Symbol? Name { get; } = name;

    public Symbol?[] Parameters { get; } = parameters;

    public int Arity { get; } = parameters.Length;

    public Pattern? Pattern { get; } = pattern;

    public override Value Eval(Env environment, Evaluator eval) => Closure.Of(this, environment);

    public override void Delay(Env environment, Evaluator eval, Slot* target) => target->Value = Closure.Of(this, environment);

    /// <summary>Returns the same function, the root of <paramref name="file"/>, whose results on data are remembered.</summary>
    public LambdaCode Remembered(string file) => new(Position, Name, Parameters, Pattern, frame, new ClosedCallCode(file, body));

    /// <summary>How many places the function's environment has, the parent's among them.</summary>
    public int FrameSize => frame.Size;

    /// <summary>Returns the environment of a call of <paramref name="closure"/>; the caller puts the arguments in, from place 1 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Env NewFrame(Value closure, Evaluator eval) => Env.Make(eval.Heap, new Env(closure.Handle), frame.Size);

    /// <summary>Runs the body in an environment of <see cref="NewFrame"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value Run(Env inner, Evaluator eval)
    {
        eval.Running(inner);
        Pattern?.Bind(inner, Arity, eval, this);
        return body.Eval(inner, eval);
    }

    /// <summary>Runs the body with arguments that came earlier and the rest of those it waits for.</summary>
    public Value Invoke(Value closure, Slots earlier, ReadOnlySpan<Value> rest, Evaluator eval)
    {
        var inner = NewFrame(closure, eval);
        earlier.CopyTo(inner.At(1));
        for (var i = 0; i < rest.Length; i++)
        {
            inner[earlier.Length + i + 1].Value = rest[i];
        }

        return Run(inner, eval);
    }

    /// <summary>Runs the body with as many arguments as it waits for.</summary>
    public Value Invoke(Value closure, ReadOnlySpan<Value> arguments, Evaluator eval)
    {
        var inner = NewFrame(closure, eval);
        for (var i = 0; i < arguments.Length; i++)
        {
            inner[i + 1].Value = arguments[i];
        }

        return Run(inner, eval);
    }
}

/// <summary>The body of a file's function: what it gives for data follows from files alone, and is remembered in parts.</summary>
internal sealed class ClosedCallCode(string file, Code body) : Code(body.Position)
{
    public override Value Eval(Env environment, Evaluator eval) =>
        eval.ClosedCalls?.Call(eval, file, new AttributeSet(environment[1].Handle)) ?? body.Eval(environment, eval);
}

/// <summary><c>{ a, b ? c, ... }</c></summary>
internal sealed unsafe class Pattern(PatternItem[] items, bool hasEllipsis)
{
    // Where each attribute stood in the last set: calls from one place bring sets of one shape.
    private readonly Hint[] _hints = new Hint[items.Length];

    public PatternItem[] Items { get; } = items;

    public bool HasEllipsis { get; } = hasEllipsis;

    /// <summary>Takes the argument in place <paramref name="argument"/> apart into the places of the items.</summary>
    public void Bind(Env frame, int argument, Evaluator eval, LambdaCode function)
    {
        ref var given = ref frame[argument];
        if (given.Kind != Kind.Set)
        {
            given.Value = eval.ForceArgumentSet(given.Value, function);
        }

        var set = new AttributeSet(given.Handle);
        var found = 0;
        var items = Items;
        for (var i = 0; i < items.Length; i++)
        {
            var slot = set.FindSlot(items[i].Name.Id, ref _hints[i]);
            if (slot != null)
            {
                frame[items[i].Place].Value = slot->Value;
                found++;
            }
        }

        if (found < items.Length)
        {
            BindDefaults(frame, eval, function, set);
        }

        if (!HasEllipsis && found < set.Count)
        {
            throw eval.UnexpectedArgument(function, set);
        }
    }

    private void BindDefaults(Env frame, Evaluator eval, LambdaCode function, AttributeSet set)
    {
        foreach (var item in Items)
        {
            if (frame[item.Place].IsEmpty)
            {
                var fallback = item.Default ?? throw eval.MissingArgument(function, item.Name, set);
                fallback.Delay(frame, eval, frame.At(item.Place));
            }
        }
    }
}

/// <summary>One attribute that a function takes.</summary>
internal sealed record PatternItem(Symbol Name, int Place, Code? Default, int Position);
