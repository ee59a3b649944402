namespace Firn.Fetching.Schemes.Git;

/// <summary>What a work tree holds: the files that git tracks, as they are on the disk.</summary>
/// <param name="Head">The commit that is checked out, or null when there is none yet.</param>
/// <param name="Files">The tracked files that are there, by their path from the top.</param>
/// <param name="Changed">Those of them that are not as in the commit.</param>
/// <param name="Deleted">Files of the commit that are not there.</param>
/// <param name="Submodules">What <c>.gitmodules</c> lists.</param>
internal sealed record GitWorkTree(
    string? Head,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> Deleted,
    IReadOnlyList<GitSubmodule> Submodules)
{
    internal bool IsDirty => Changed.Count > 0 || Deleted.Count > 0;

    internal static GitWorkTree Read(GitRepository repository)
    {
        var changed = new List<string>();
        var deleted = new HashSet<string>();
        foreach (var line in ProgramResult.SplitAtZero(repository.Run(
            "status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all", "--no-renames")))
        {
            // Two letters, for the index and for the work tree, then the path.
            if (line[0] == 'D' || line[1] == 'D')
            {
                deleted.Add(line[3..]);
            }
            else
            {
                changed.Add(line[3..]);
            }
        }

        var files = ProgramResult.SplitAtZero(repository.Run("ls-files", "-z", "--stage"))
            .Where(line => !line.StartsWith("160000", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf('\t') + 1)..])
            .Where(file => !deleted.Contains(file))
            .Distinct();
        return new GitWorkTree(
            repository.Head, [.. files], changed, [.. deleted.Order(StringComparer.Ordinal)],
            GitSubmodule.Read(repository, Path.Combine(repository.Path, ".gitmodules")));
    }
}

/// <summary>One entry of <c>.gitmodules</c>.</summary>
/// <param name="Path">Where it is in the repository.</param>
/// <param name="Url">Where it comes from, as it is written.</param>
/// <param name="Branch">Empty when none is said; <c>.</c> for the branch of the repository it is in.</param>
internal readonly record struct GitSubmodule(string Path, string Url, string Branch)
{
    /// <summary>Reads a <c>.gitmodules</c>; a file that is not there has no entries.</summary>
    internal static IReadOnlyList<GitSubmodule> Read(GitRepository repository, string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in ProgramResult.SplitAtZero(repository.Program.TryRun(
            ["config", "--file", file, "-z", "--get-regexp", @"^submodule\..*\.(path|url|branch)$"]).Output))
        {
            var newline = entry.IndexOf('\n');
            entries.TryAdd(entry[..newline], entry[(newline + 1)..]);
        }

        return [.. entries.Where(e => e.Key.EndsWith(".path", StringComparison.Ordinal))
            .Select(e => e.Key[..^".path".Length] is var name
                ? new GitSubmodule(e.Value.Trim('/'), entries.GetValueOrDefault(name + ".url", ""), entries.GetValueOrDefault(name + ".branch", ""))
                : default)];
    }
}
