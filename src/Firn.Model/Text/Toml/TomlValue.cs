namespace Firn.Model.Text.Toml;

/// <summary>A value of a TOML document.</summary>
public abstract record TomlValue
{
    private TomlValue() { }

    /// <summary>Names and their values, in the order of the text.</summary>
    public sealed record Table : TomlValue
    {
        internal Table(TomlTableOrigin origin) => Origin = origin;

        public IReadOnlyDictionary<ByteString, TomlValue> Members => Entries;

        internal Dictionary<ByteString, TomlValue> Entries { get; } = [];

        internal TomlTableOrigin Origin { get; set; }
    }

    /// <summary>Values in a row, not necessarily of one type.</summary>
    public sealed record Array : TomlValue
    {
        internal Array(bool isOfTables) => IsOfTables = isOfTables;

        public IReadOnlyList<TomlValue> Items => Entries;

        internal List<TomlValue> Entries { get; } = [];

        /// <summary>Whether it was made by <c>[[headers]]</c> and can be added to.</summary>
        internal bool IsOfTables { get; }
    }

    public sealed record Text(ByteString Value) : TomlValue;

    public sealed record Integer(long Value) : TomlValue;

    public sealed record Float(double Value) : TomlValue;

    public sealed record Boolean(bool Value) : TomlValue;

    /// <summary>
    /// A date, a time or both, in RFC 3339's form with 0, 3, 6 or 9 digits behind the second.
    /// </summary>
    public sealed record Timestamp(string Value) : TomlValue;
}

/// <summary>How a table came about, which decides what may still be added to it.</summary>
internal enum TomlTableOrigin
{
    /// <summary>Named on the way to another by a header; a header of its own may come.</summary>
    Implied,

    /// <summary>By a header of its own, or as an item of an array of tables.</summary>
    Header,

    /// <summary>By a dotted key; further dotted keys may add to it.</summary>
    DottedKey,

    /// <summary>In braces; nothing can be added.</summary>
    Inline,
}
