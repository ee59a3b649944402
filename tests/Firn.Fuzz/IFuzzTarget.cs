namespace Firn.Fuzz;

/// <summary>Something that must cope with any bytes.</summary>
internal interface IFuzzTarget
{
    /// <summary>The name of its folders in <c>Corpus</c> and <c>Found</c>.</summary>
    string Name { get; }

    /// <summary>Throws when <paramref name="input"/> is not coped with.</summary>
    void Check(byte[] input);
}
