using System.Buffers;

namespace Firn.Model.StorePaths;

/// <summary>What the readable part of a store path may look like.</summary>
public static class StorePathName
{
    private static readonly SearchValues<char> _allowed = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-._?=");

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

        return name.IndexOfAnyExcept(_allowed) is >= 0 and var place ? $"name '{name}' contains illegal character '{name[place]}'" : null;
    }
}
