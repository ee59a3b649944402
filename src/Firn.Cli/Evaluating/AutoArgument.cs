namespace Firn.Cli.Evaluating;

/// <summary>An argument that functions get without being called: <c>--arg</c> and its like.</summary>
internal abstract record AutoArgument(string Name)
{
    /// <summary>The value of an expression.</summary>
    public sealed record OfExpression(string Name, string Text) : AutoArgument(Name);

    /// <summary>The text itself.</summary>
    public sealed record OfText(string Name, string Text) : AutoArgument(Name);

    /// <summary>What a file holds.</summary>
    public sealed record OfFile(string Name, string Path) : AutoArgument(Name);

    /// <summary>What standard input holds.</summary>
    public sealed record OfInput(string Name) : AutoArgument(Name);
}
