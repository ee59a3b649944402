namespace Firn.Evaluation.Values;

/// <summary>Asks a value that may not be there what it is.</summary>
public static class OptionalValues
{
    extension(Value? value)
    {
        internal bool IsSet => value is { IsSet: true };

        internal bool IsList => value is { IsList: true };

        internal long? AsInt => value?.AsInt;

        internal bool? AsBool => value?.AsBool;

        internal NixString? AsString => value?.AsString;

        internal NixList? AsList => value?.AsList;

        internal AttributeSet? AsSet => value?.AsSet;

        internal Closure? AsClosure => value?.AsClosure;

        internal PartialApplication? AsPartial => value?.AsPartial;

        internal Thunk? AsThunk => value?.AsThunk;
    }
}
