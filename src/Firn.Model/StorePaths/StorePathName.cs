namespace Firn.Model.StorePaths;

/// <summary>What the readable part of a store path may look like.</summary>
public static class StorePathName
{
    /// <summary>Says what is wrong with <paramref name="name"/>, or null when nothing is.</summary>
    public static string? FindProblem(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return "name must not be empty";
        }

        if (name.Length > StorePath.MaxNameLength)
        {
            return $"name '{name}' must be no longer than {StorePath.MaxNameLength} characters";
        }

        if (name is "." or "..")
        {
            return $"name '{name}' is not valid";
        }

        if (name.StartsWith(".-") || name.StartsWith("..-"))
        {
            return $"name '{name}' is not valid: first dash-separated component must not be '{name[..name.IndexOf('-')]}'";
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"+-._?=".Contains(c))
            {
                return $"name '{name}' contains illegal character '{c}'";
            }
        }

        return null;
    }
}
