using Firn.Evaluation.Contexts;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Evaluating;

/// <summary>What evaluation calls when it has to read what must be built first.</summary>
internal static class EvaluationBuilds
{
    /// <summary>Returns a function that builds outputs with the session's builder.</summary>
    public static Func<IReadOnlyCollection<ContextElement.Output>, IReadOnlyList<(ContextElement.Output Output, StorePath Path)>> Of(Session session) =>
        outputs => throw new SessionException(SessionErrors.NotValid, $"cannot build '{session.StoreDirectory.Absolute(outputs.First().Derivation)}' while evaluating");
}
