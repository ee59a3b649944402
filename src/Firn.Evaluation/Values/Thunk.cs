using System.Runtime.CompilerServices;
using Firn.Evaluation.Forcing;

namespace Firn.Evaluation.Values;

/// <summary>A value that may not have been computed yet: code and the environment it runs in, later the result.</summary>
public sealed class Thunk : Value
{
    // Pending: code and its environment. Being forced: the code's Blackhole and the environment. Forced: null and the value.
    private Code? _code;
    private object _payload;

    internal Thunk(Code code, Slot[] environment) => (_code, _payload) = (code, environment);

    public override string TypeName => "thunk";

    public override string Description => "a thunk";

    /// <summary>The value, if it has been computed.</summary>
    internal Value? Result
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _code is null ? Unsafe.As<Value>(_payload) : null;
    }

    /// <summary>The code that computes or is computing the value; null once it is there.</summary>
    internal Code? Code => _code is Blackhole hole ? hole.Original : _code;

    /// <summary>The environment that the code runs in; null once the value is there.</summary>
    internal Slot[]? Environment => _code is null ? null : (Slot[])_payload;

    internal bool IsBeingForced => _code is Blackhole;

    internal Value Force(Evaluator eval)
    {
        var code = _code;
        if (code is null)
        {
            return Unsafe.As<Value>(_payload);
        }

        if (code is Blackhole)
        {
            throw eval.InfiniteRecursion(this);
        }

        var environment = Unsafe.As<Slot[]>(_payload);
        eval.Enter(this);
        _code = code.Blackhole;
        var value = code.Eval(environment, eval);

        // What another place computed is another list to printers that tell repeated ones, as upstream copies values.
        if (value is NixList { Count: > 0 } list && code is not (ListCode or LocalCode))
        {
            value = new NixList(list.Items);
        }

        _payload = value;
        _code = null;
        eval.Leave();
        return value;
    }

    /// <summary>Puts a thunk whose forcing failed back to where it can be forced again.</summary>
    internal void Restore()
    {
        if (_code is Blackhole hole)
        {
            _code = hole.Original;
        }
    }
}
