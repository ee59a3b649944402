namespace Firn.Evaluation.Explaining;

/// <summary>One step towards where a value was made.</summary>
/// <param name="Value">The expression that gives it; null when only the place is known.</param>
/// <param name="Position">Where its name stands.</param>
/// <param name="Name">What it is called there, or null.</param>
/// <param name="Kind">What sort of step it was.</param>
internal sealed record Definition(Node? Value, int Position, string? Name, DefinitionKind Kind);

/// <summary>What sort of thing gave a name its value.</summary>
internal enum DefinitionKind
{
    None,
    Variable,
    Argument,
    Default,
    Attribute,
    Item,

    /// <summary>What a file gives that was imported.</summary>
    File,

    /// <summary>The name of an attribute, which was handed on as a string.</summary>
    Name,
}

/// <summary>Where a value was made.</summary>
/// <param name="Start">Where its text starts.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Name">What it is called there, or null.</param>
/// <param name="Node">The expression, when it is known.</param>
internal sealed record Origin(int Start, int End, string? Name, Node? Node)
{
    /// <summary>Where the name stands; 0 when the value has none.</summary>
    public int NamePosition { get; init; }

    public DefinitionKind Kind { get; init; }
}
