namespace Firn.Fetching.Schemes.Mercurial;

/// <summary>Runs the program <c>hg</c>.</summary>
/// <param name="cancellationToken">Ends what is running.</param>
internal sealed class MercurialProgram(CancellationToken cancellationToken)
    : RepositoryProgram(new ProgramFacts("hg", "Mercurial", "mercurial", FetchErrors.Mercurial, _environment), cancellationToken)
{
    /// <summary>Output as programs read it, whatever the user has configured; options are found only where options may stand.</summary>
    private static readonly Dictionary<string, string?> _environment = new()
    {
        ["HGPLAIN"] = "+strictflags",
        ["HGPLAINEXCEPT"] = null,
        ["HGENCODING"] = "utf-8",
    };

    /// <summary>Puts before a command which repository it is about.</summary>
    /// <remarks>hg is there as well: else it would follow the configuration of a repository that it happens to stand in.</remarks>
    internal static IReadOnlyList<string> In(string repository, params ReadOnlySpan<string> arguments) =>
        ["--cwd", repository, "-R", ".", .. arguments];
}
