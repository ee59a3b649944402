using Firn.Model.StorePaths;

namespace Firn.Flakes.Resolving;

/// <summary>A folder of a tree in the store.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Directory">The folder, without slashes at its ends; empty for the top.</param>
public sealed record FlakePlace(StorePath Tree, string Directory)
{
    /// <summary>Returns where a relative path from here leads.</summary>
    /// <exception cref="FlakeException">It leads out of the tree.</exception>
    public FlakePlace Follow(string relative)
    {
        var steps = new List<string>();
        foreach (var step in $"{Directory}/{relative}".Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "..")
            {
                if (steps.Count == 0)
                {
                    throw new FlakeException(
                        FlakeErrors.BadInput, $"access to path '{Tree}/{relative}' is forbidden in pure evaluation mode: it leads out of the flake's tree",
                        $"Beside the tree is the store, where '{relative.Split('/')[^1]}' is too short to be a valid store path. An input beside the flake's own repository is written as an absolute path or a URL.");
                }

                steps.RemoveAt(steps.Count - 1);
            }
            else if (step != ".")
            {
                steps.Add(step);
            }
        }

        return this with { Directory = string.Join('/', steps) };
    }
}
