using System.Collections.Immutable;
using Firn.Syntax.Text;

namespace Firn.Syntax.Parsing;

/// <summary>Finds the free variables of a text while it is read: a scope is left with the names it binds, and what is not among them goes on outwards.</summary>
internal sealed class VariableUses
{
    private int[] _uses = new int[256];
    private int _count;

    // By the number of a symbol: when it was last bound or kept.
    private int[] _marks = new int[1024];
    private int _mark;
    private int _withs;

    /// <summary>False when something in the text makes variables visible where its place does not tell.</summary>
    internal bool IsCertain { get; set; }

    /// <summary>Whether uses count: inside of <c>with</c> any variable may come from there.</summary>
    internal bool IsCounting => _withs == 0;

    internal void Clear() => (_count, _withs, IsCertain) = (0, 0, true);

    /// <summary>Lets no use count any more.</summary>
    internal void StopCounting() => _withs = 1;

    internal void Use(Symbol name)
    {
        if (_withs > 0)
        {
            return;
        }

        if (_count == _uses.Length)
        {
            Array.Resize(ref _uses, _count * 2);
        }

        _uses[_count++] = name.Id;
    }

    /// <summary>Enters a scope; returns what <see cref="Leave"/> takes.</summary>
    internal int Enter() => _count;

    internal void EnterWith() => _withs++;

    internal void LeaveWith() => _withs--;

    /// <summary>Starts to leave a scope, whose names follow.</summary>
    internal void BeginLeaving() => _mark++;

    /// <summary>Says that the scope binds <paramref name="name"/>; false when that was said before.</summary>
    internal bool Bind(Symbol name)
    {
        ref var mark = ref Mark(name.Id);
        var isNew = mark != _mark;
        mark = _mark;
        return isNew;
    }

    /// <summary>Leaves a scope: what it used and does not bind is used outside, once.</summary>
    internal void Leave(int entered)
    {
        var kept = entered;
        for (var i = entered; i < _count; i++)
        {
            var use = _uses[i];
            ref var mark = ref Mark(use);
            if (mark != _mark)
            {
                mark = _mark;
                _uses[kept++] = use;
            }
        }

        _count = kept;
    }

    /// <summary>Returns what nothing binds, or null when that is not certain.</summary>
    internal ImmutableArray<Symbol>? Free(SymbolTable symbols)
    {
        if (!IsCertain)
        {
            return null;
        }

        BeginLeaving();
        Leave(0);
        var free = ImmutableArray.CreateBuilder<Symbol>(_count);
        for (var i = 0; i < _count; i++)
        {
            free.Add(symbols[_uses[i]]);
        }

        return free.MoveToImmutable();
    }

    private ref int Mark(int symbol)
    {
        if (symbol >= _marks.Length)
        {
            Array.Resize(ref _marks, Math.Max(symbol + 1, _marks.Length * 2));
        }

        return ref _marks[symbol];
    }
}
