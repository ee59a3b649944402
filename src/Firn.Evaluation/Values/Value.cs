namespace Firn.Evaluation.Values;

/// <summary>Anything a variable, attribute or list item can hold: a value in weak head normal form, or a <see cref="Thunk"/>.</summary>
public abstract class Value
{
    private protected Value() { }

    /// <summary>What the language calls the type, as in <c>builtins.typeOf</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>The type with its article, as messages name it: <c>a set</c>, <c>an integer</c>.</summary>
    public abstract string Description { get; }
}

/// <summary>A 64-bit integer.</summary>
public sealed class NixInt(long number) : Value
{
    private static readonly NixInt[] _small = [.. Enumerable.Range(-128, 1152).Select(i => new NixInt(i))];

    public long Number { get; } = number;

    public override string TypeName => "int";

    public override string Description => "an integer";

    /// <summary>Returns the value of <paramref name="number"/>; small ones are shared.</summary>
    public static NixInt Of(long number) => (ulong)(number + 128) < 1152 ? _small[number + 128] : new NixInt(number);
}

/// <summary>A double-precision number.</summary>
public sealed class NixFloat(double number) : Value
{
    public double Number { get; } = number;

    public override string TypeName => "float";

    public override string Description => "a float";
}

/// <summary><c>true</c> or <c>false</c></summary>
public sealed class NixBool : Value
{
    private NixBool(bool truth) => Truth = truth;

    public static NixBool True { get; } = new(true);

    public static NixBool False { get; } = new(false);

    public bool Truth { get; }

    public override string TypeName => "bool";

    public override string Description => "a Boolean";

    public static NixBool Of(bool truth) => truth ? True : False;
}

/// <summary><c>null</c></summary>
public sealed class NixNull : Value
{
    private NixNull() { }

    public static NixNull Instance { get; } = new();

    public override string TypeName => "null";

    public override string Description => "null";
}

/// <summary>A path; absolute and canonical, symbolic links as they are.</summary>
public sealed class NixPath(string path) : Value
{
    public string Path { get; } = path;

    public override string TypeName => "path";

    public override string Description => "a path";
}

/// <summary>A list; its items may be thunks.</summary>
public sealed class NixList(Slot[] items) : Value
{
    public static NixList Empty { get; } = new([]);

    /// <summary>The items; only forcing may write to them.</summary>
    public Slot[] Items { get; } = items;

    public int Count => Items.Length;

    public override string TypeName => "list";

    public override string Description => "a list";

    public static NixList Of(IReadOnlyCollection<Value> items)
    {
        if (items.Count == 0)
        {
            return Empty;
        }

        var slots = new Slot[items.Count];
        var i = 0;
        foreach (var item in items)
        {
            slots[i++].Item = item;
        }

        return new NixList(slots);
    }
}
