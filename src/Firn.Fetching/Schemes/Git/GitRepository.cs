using System.Globalization;
using System.Text;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Answers questions about one repository on this disk.</summary>
/// <param name="git">The program.</param>
/// <param name="path">The work tree, or the repository itself when it is bare.</param>
/// <param name="isBare">Whether <paramref name="path"/> is the repository itself.</param>
internal sealed class GitRepository(GitProgram git, string path, bool isBare)
{
    internal string Path => path;

    internal GitProgram Program => git;

    /// <summary>The commit that is checked out, or null when there is none yet.</summary>
    internal string? Head => TryRun("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is { Status: 0 } found ? found.Text : null;

    /// <summary>The branch that is checked out, such as <c>refs/heads/main</c>, or null when HEAD names a commit itself.</summary>
    internal string? HeadBranch => TryRun("symbolic-ref", "--quiet", "HEAD") is { Status: 0 } found ? found.Text : null;

    internal bool IsShallow => Encoding.UTF8.GetString(Run("rev-parse", "--is-shallow-repository")).Trim() == "true";

    /// <summary>Returns the commit that a branch, tag or the like leads to.</summary>
    /// <exception cref="FetchException">There is no such thing.</exception>
    internal string ResolveCommit(string reference)
    {
        var result = TryRun("rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}");
        return result.Status == 0
            ? result.Text
            : throw new FetchException(FetchErrors.Git, $"resolving Git reference '{reference}' in '{path}': there is no such branch, tag or revision");
    }

    internal bool HasObject(string revision) => TryRun("cat-file", "-e", revision).Status == 0;

    /// <summary>When a commit was made, in seconds since 1970.</summary>
    internal ulong CommitTime(string revision) => Number("show", "--no-patch", "--no-show-signature", "--format=%ct", revision + "^{commit}");

    /// <summary>How many commits lead up to this one, itself included.</summary>
    internal ulong CountCommits(string revision) => Number("rev-list", "--count", revision);

    /// <summary>Lists all that a commit's tree holds, directories before what is in them.</summary>
    internal IReadOnlyList<GitEntry> ListTree(string revision) =>
        [.. ProgramResult.SplitAtZero(Run("ls-tree", "-r", "-t", "-z", "--full-tree", revision)).Select(ParseTreeLine)];

    internal byte[] Run(params IReadOnlyList<string> arguments) => git.Run(WithPlace(arguments));

    internal ProgramResult TryRun(params IReadOnlyList<string> arguments) => git.TryRun(WithPlace(arguments));

    /// <summary>Puts before a command where the repository is.</summary>
    internal IReadOnlyList<string> WithPlace(IReadOnlyList<string> arguments) =>
        isBare ? ["-C", path, "--git-dir", ".", .. arguments] : ["--no-optional-locks", "-C", path, .. arguments];

    private ulong Number(params IReadOnlyList<string> arguments) =>
        ulong.Parse(Encoding.UTF8.GetString(Run(arguments)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Reads <c>mode type object TAB path</c>.</summary>
    private GitEntry ParseTreeLine(string line)
    {
        var tab = line.IndexOf('\t');
        var fields = line[..tab].Split(' ');
        return new GitEntry(line[(tab + 1)..], fields[2], fields[0] switch
        {
            "040000" => GitEntryKind.Directory,
            "100755" => GitEntryKind.Executable,
            "120000" => GitEntryKind.Symlink,
            "160000" => GitEntryKind.Submodule,
            ['1', '0', '0', ..] => GitEntryKind.File,
            var mode => throw new FetchException(FetchErrors.Git, $"'{line[(tab + 1)..]}' in the Git repository '{path}' has the unknown mode {mode}"),
        });
    }
}

/// <summary>One entry of a commit's tree.</summary>
internal readonly record struct GitEntry(string Path, string Object, GitEntryKind Kind);

/// <summary>What an entry of a commit's tree is.</summary>
internal enum GitEntryKind
{
    Directory,
    File,
    Executable,
    Symlink,
    Submodule,
}
