using Firn.Model.StorePaths;

namespace Firn.Evaluation.Host;

/// <summary>How an object that is fetched from a cache ends up in the store.</summary>
public abstract record ClosureForm
{
    private ClosureForm() { }

    /// <summary>Under the name that it has there.</summary>
    /// <param name="IsInputAddressed">Whether the author knows that it must be signed, for its name says nothing of its content.</param>
    public sealed record AsItIs(bool IsInputAddressed) : ClosureForm;

    /// <summary>Under a name that follows from its content.</summary>
    /// <param name="Expected">The name that the author wrote down; null when it is to be told.</param>
    public sealed record Rewritten(StorePath? Expected) : ClosureForm;
}
