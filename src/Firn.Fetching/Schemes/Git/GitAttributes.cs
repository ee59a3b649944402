using System.Text;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Finds what <c>.gitattributes</c> says is not to be exported.</summary>
internal static class GitAttributes
{
    /// <summary>Returns which of <paramref name="paths"/> have <c>export-ignore</c> in a commit, or in the work tree when it is null.</summary>
    internal static HashSet<string> ExportIgnored(GitRepository repository, string? revision, IEnumerable<string> paths)
    {
        var input = Encoding.UTF8.GetBytes(string.Concat(paths.Select(p => p + "\0")));
        string[] check = ["check-attr", "-z", "--stdin", "export-ignore"];
        byte[] output;
        if (revision is null)
        {
            output = repository.Program.Run(repository.WithPlace(check), input);
        }
        else
        {
            // Reading attributes from a commit itself needs git 2.40; an index of our own serves older ones too.
            using var index = new TemporaryFolder();
            (string, string) variable = ("GIT_INDEX_FILE", Path.Combine(index.Path, "index"));
            repository.Program.Run(repository.WithPlace(["read-tree", revision]), null, variable);
            output = repository.Program.Run(repository.WithPlace(["check-attr", "--cached", .. check[1..]]), input, variable);
        }

        var fields = ProgramResult.SplitAtZero(output).ToArray();
        return [.. fields.Chunk(3).Where(f => f is [_, _, "set"]).Select(f => f[0])];
    }

    /// <summary>Tells whether a path, or a directory that it is in, is in <paramref name="set"/>.</summary>
    internal static bool IsBelow(string path, HashSet<string> set)
    {
        if (set.Count == 0)
        {
            return false;
        }

        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (set.Contains(path[..end]))
            {
                return true;
            }
        }

        return false;
    }
}
