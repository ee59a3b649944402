namespace Firn.Evaluation.Remembering;

/// <summary>What a remembered value is.</summary>
internal enum NodeTag : byte
{
    Null,
    False,
    True,
    Integer,
    Float,
    String,
    Path,
    List,

    /// <summary>A set of which some attributes may not be known: these are computed.</summary>
    Set,

    /// <summary>A set that is computed, of which some attributes are remembered.</summary>
    Scope,
}
