using Firn.Evaluation.Forcing;
using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>A value that may not have been computed yet, by the slot where it is or will be.</summary>
internal readonly unsafe record struct Thunk(uint Handle)
{
    /// <summary>The value, if it has been computed.</summary>
    public Value? Result => Slot->IsForced ? Slot->Value : null;

    /// <summary>The code that computes or is computing the value; null once it is there, or when there is none.</summary>
    public Code? Code => Slot->Kind is Kind.Pending or Kind.RunningPending
        ? ObjectIds.Get<Code>(Slot->Aux) is var code && code is DeferredCode deferred ? deferred.Code : code
        : null;

    /// <summary>The environment that the code runs in; null when there is no code.</summary>
    public Env? Environment => Code is null ? null : new Env(Slot->Handle);

    /// <summary>The function that is applied to an item or attribute to compute the value; null when something else computes it.</summary>
    public Value? MappedFunction => Slot->Kind is Kind.RunningIndexed ? Value.At(Slot->Handle)->Value : null;

    /// <summary>The list or set that the item is in from which the value is computed, and which it is there; null when something else computes it.</summary>
    public (Value Source, int Index)? MappedItem =>
        Slot->Kind is Kind.RunningIndexed ? ObjectIds.Get<IndexedCode>(Slot->Aux).ItemOf(Value.At(Slot->Handle), Slot) : null;

    public bool IsBeingForced => Slot->Kind is Kind.RunningPending or Kind.RunningIndexed;

    private Slot* Slot => Value.At(Handle);

    /// <summary>Puts a thunk whose forcing failed back to where it can be forced again.</summary>
    public void Restore()
    {
        if (IsBeingForced)
        {
            Slot->Bits -= Kind.RunningPending - Kind.Pending;
        }
    }
}
