using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>Makes integers.</summary>
public static class NixInt
{
    /// <summary>Returns the value of <paramref name="number"/>.</summary>
    public static unsafe Value Of(long number)
    {
        var bits = number << 5;
        if (bits >> 5 == number)
        {
            return new Value((ulong)bits | (ulong)Kind.Int);
        }

        var word = Heap.Current.Allocate(1);
        word->Bits = (ulong)number;
        return new Value(Kind.WideInt, 0, Value.HandleOf(word));
    }
}

/// <summary>Makes double-precision numbers.</summary>
public static class NixFloat
{
    public static unsafe Value Of(double number)
    {
        var word = Heap.Current.Allocate(1);
        word->Bits = BitConverter.DoubleToUInt64Bits(number);
        return new Value(Kind.Float, 0, Value.HandleOf(word));
    }
}

/// <summary><c>true</c> and <c>false</c></summary>
public static class NixBool
{
    public static Value True => new(Kind.Bool, 0, 1);

    public static Value False => new(Kind.Bool, 0, 0);

    public static Value Of(bool truth) => new(Kind.Bool, 0, truth ? 1u : 0u);
}

/// <summary><c>null</c></summary>
public static class NixNull
{
    public static Value Instance => new(Kind.Null, 0, 0);
}

/// <summary>Makes paths.</summary>
public static class NixPath
{
    /// <param name="path">Absolute and canonical.</param>
    public static Value Of(string path) => new(Kind.Path, 0, Heap.Current.PathId(path));
}
