namespace Firn.Evaluation.Values;

/// <summary>What the lowest five bits of a slot say it holds.</summary>
/// <remarks>From <see cref="Thunk"/> on, what it holds is not known yet; the fifth bit tells.</remarks>
internal enum Kind : byte
{
    /// <summary>Nothing.</summary>
    None,
    Null,
    Bool,

    /// <summary>An integer of 59 bits, in the slot itself.</summary>
    Int,

    /// <summary>Any other integer; the handle is of a word with it.</summary>
    WideInt,
    Float,
    String,
    Path,
    List,
    Set,
    Closure,
    Builtin,
    Partial,

    /// <summary>In the first place of an environment: the environment around it.</summary>
    Environment,

    /// <summary>The handle is of the slot where the value will be.</summary>
    Thunk = 16,

    /// <summary>Code and the environment to run it in; the result will be in this very slot.</summary>
    Pending,

    /// <summary>One of many slots that are computed in the same way, each from its place.</summary>
    Indexed,

    /// <summary>A <see cref="Pending"/> whose code is running: to need it is infinite recursion.</summary>
    RunningPending,

    /// <summary>An <see cref="Indexed"/> that is being computed.</summary>
    RunningIndexed,
}
