namespace Firn.Fetching.Schemes.Git;

/// <summary>Runs the program <c>git</c>.</summary>
/// <param name="cancellationToken">Ends what is running.</param>
internal sealed class GitProgram(CancellationToken cancellationToken)
    : RepositoryProgram(new ProgramFacts("git", "Git", "git", FetchErrors.Git, _misleading.ToDictionary(name => name, _ => (string?)null)), cancellationToken)
{
    /// <summary>What would make git look at another repository than the one it is told of.</summary>
    private static readonly string[] _misleading =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX",
    ];
}
