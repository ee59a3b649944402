namespace Firn.Model.Text.Json;

/// <summary>What <see cref="JsonReader.Next"/> has come upon.</summary>
public enum JsonToken
{
    /// <summary>Nothing yet.</summary>
    None,
    StartObject,
    EndObject,
    StartArray,
    EndArray,

    /// <summary>A name in an object; the value comes next.</summary>
    Key,
    String,

    /// <summary>A whole number that fits 64 bits with sign.</summary>
    Integer,

    /// <summary>A whole number that fits 64 bits only without sign.</summary>
    LargeInteger,

    /// <summary>A number with a point or an exponent, or too large for 64 bits.</summary>
    Float,
    True,
    False,
    Null,

    /// <summary>The value was read and nothing but white space is behind it.</summary>
    End,
}
