using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>Gives a method a name in the language; its parameter types say what is forced and checked, and in which order.</summary>
/// <remarks><c>Value</c> is forced, <see cref="Lazy"/> is not; the other types are forced and checked. At most three.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BuiltinAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Whether the name is also a variable of its own; else only <c>builtins.name</c> and <c>__name</c> are.</summary>
    public bool Global { get; init; }

    /// <summary>The experimental feature without which the builtin is not there.</summary>
    public string? Feature { get; init; }
}

/// <summary>An argument that the builtin forces itself, or does not.</summary>
internal readonly record struct Lazy(Value Value);

/// <summary>An argument that can be called.</summary>
internal readonly record struct Function(Value Value);

/// <summary>A line of the generated table.</summary>
internal sealed record BuiltinEntry(Builtin Builtin, bool IsGlobal, string? Feature);
