namespace Firn.Evaluation.Host;

/// <summary>Works on paths as text, without looking at any file.</summary>
public static class PathText
{
    /// <summary>Returns an absolute path without <c>.</c>, <c>..</c>, empty steps and a slash at the end.</summary>
    public static string Canonical(string path)
    {
        var steps = new List<string>();
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "..")
            {
                if (steps.Count > 0)
                {
                    steps.RemoveAt(steps.Count - 1);
                }
            }
            else if (step != ".")
            {
                steps.Add(step);
            }
        }

        return "/" + string.Join('/', steps);
    }

    /// <summary>Returns the last name in a canonical path; nothing for the root.</summary>
    public static string BaseName(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Returns the directory that a canonical path is in; the root for the root.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    /// <summary>Returns <paramref name="name"/> below a canonical path.</summary>
    public static string Append(string path, string name) => path == "/" ? "/" + name : path + "/" + name;

    /// <summary>Tells whether <paramref name="path"/> is <paramref name="root"/> or below it; both canonical.</summary>
    public static bool IsWithin(string path, string root) =>
        root == "/" || path == root || (path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/');
}
