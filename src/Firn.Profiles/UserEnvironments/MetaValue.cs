using System.Collections.Immutable;
using System.Globalization;
using Firn.Model.Text;

namespace Firn.Profiles.UserEnvironments;

/// <summary>A value in a package's <c>meta</c>: what can be written down without evaluating anything.</summary>
public abstract record MetaValue
{
    private MetaValue() { }

    public sealed record Text(ByteString Value) : MetaValue;

    public sealed record Integer(long Value) : MetaValue;

    public sealed record Number(double Value) : MetaValue;

    public sealed record Flag(bool Value) : MetaValue;

    public sealed record List(ImmutableArray<MetaValue> Items) : MetaValue;

    /// <summary>Sorted by name.</summary>
    public sealed record Set(ImmutableArray<MetaAttribute> Attributes) : MetaValue;

    /// <summary>Returns the value as an integer, also when it is written as text, as it was before there were integers.</summary>
    public long? AsInteger() => this switch
    {
        Integer integer => integer.Value,
        Text text when long.TryParse(text.Value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    /// <summary>Returns the value as a truth value, also when it is written as text, as <c>--set-flag</c> does.</summary>
    public bool? AsFlag() => this switch
    {
        Flag flag => flag.Value,
        Text text => text.Value.ToString() switch { "true" => true, "false" => false, _ => null },
        _ => null,
    };
}

/// <summary>A named value in <c>meta</c>.</summary>
public readonly record struct MetaAttribute(string Name, MetaValue Value);
