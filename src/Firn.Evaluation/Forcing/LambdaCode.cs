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
internal sealed class LambdaCode(int position, Symbol? name, Symbol?[] parameters, Pattern? pattern, Frame frame, Code body) : Code(position)
{
    public Symbol? Name { get; } = name;

    public Symbol?[] Parameters { get; } = parameters;

    public int Arity { get; } = parameters.Length;

    public Pattern? Pattern { get; } = pattern;

    public override Value Eval(Slot[] environment, Evaluator eval) => new Closure(this, environment);

    public override Value Delay(Slot[] environment, Evaluator eval) => new Closure(this, environment);

    /// <summary>Runs the body with one argument.</summary>
    public Value Invoke(Slot[] environment, Value argument, Evaluator eval)
    {
        var inner = new Slot[frame.Size];
        inner[0].Item = environment;
        inner[1].Value = argument;
        eval.Running(inner);
        Pattern?.Bind(inner, 1, eval, this);
        return body.Eval(inner, eval);
    }

    /// <summary>Runs the body with two arguments.</summary>
    public Value Invoke(Slot[] environment, Value first, Value second, Evaluator eval)
    {
        var inner = new Slot[frame.Size];
        inner[0].Item = environment;
        inner[1].Value = first;
        inner[2].Value = second;
        eval.Running(inner);
        Pattern?.Bind(inner, 2, eval, this);
        return body.Eval(inner, eval);
    }

    /// <summary>Returns the environment of a call whose arguments, from place 1 on, the caller fills in.</summary>
    public Slot[] NewFrame(Slot[] environment)
    {
        var inner = new Slot[frame.Size];
        inner[0].Item = environment;
        return inner;
    }

    /// <summary>Runs the body in an environment of <see cref="NewFrame"/>.</summary>
    public Value Run(Slot[] inner, Evaluator eval)
    {
        Pattern?.Bind(inner, Arity, eval, this);
        return body.Eval(inner, eval);
    }

    /// <summary>Runs the body with as many arguments as it waits for.</summary>
    public Value Invoke(Slot[] environment, ReadOnlySpan<Slot> arguments, Evaluator eval)
    {
        var inner = new Slot[frame.Size];
        inner[0].Item = environment;
        arguments.CopyTo(inner.AsSpan(1));
        eval.Running(inner);
        Pattern?.Bind(inner, Arity, eval, this);
        return body.Eval(inner, eval);
    }
}

/// <summary><c>{ a, b ? c, ... }</c></summary>
internal sealed class Pattern(PatternItem[] items, bool hasEllipsis)
{
    // Where each attribute stood in the last set: calls from one place bring sets of one shape.
    private readonly int[] _hints = new int[items.Length];

    public PatternItem[] Items { get; } = items;

    public bool HasEllipsis { get; } = hasEllipsis;

    /// <summary>Takes the argument in place <paramref name="argument"/> apart into the places of the items.</summary>
    public void Bind(Slot[] frame, int argument, Evaluator eval, LambdaCode function)
    {
        if (frame[argument].Item is not AttributeSet set)
        {
            set = eval.ForceArgumentSet(frame[argument].Value, function);
            frame[argument].Item = set;
        }

        var found = 0;
        var items = Items;
        for (var i = 0; i < items.Length; i++)
        {
            ref var slot = ref set.Find(items[i].Name.Id, ref _hints[i]);
            if (!Unsafe.IsNullRef(ref slot))
            {
                frame[items[i].Place] = slot;
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

    private void BindDefaults(Slot[] frame, Evaluator eval, LambdaCode function, AttributeSet set)
    {
        foreach (var item in Items)
        {
            if (frame[item.Place].Item is null)
            {
                var fallback = item.Default ?? throw eval.MissingArgument(function, item.Name, set);
                frame[item.Place].Value = fallback.Delay(frame, eval);
            }
        }
    }
}

/// <summary>One attribute that a function takes.</summary>
internal sealed record PatternItem(Symbol Name, int Place, Code? Default, int Position);
