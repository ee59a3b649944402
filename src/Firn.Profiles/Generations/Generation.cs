using System.Globalization;

namespace Firn.Profiles.Generations;

/// <summary>One state that a profile was in: a numbered link to a user environment.</summary>
/// <param name="Number">Counts up from 1 within a profile.</param>
/// <param name="Link">The absolute path of the link, <c>profile-3-link</c>.</param>
/// <param name="CreationTime">When the link was made, in seconds since 1970.</param>
public sealed record Generation(uint Number, string Link, long CreationTime);

/// <summary>All generations of a profile, and which of them it is at.</summary>
/// <param name="All">By rising number.</param>
/// <param name="Current">Null when the profile does not exist, or leads elsewhere.</param>
public sealed record GenerationList(IReadOnlyList<Generation> All, uint? Current)
{
    public static GenerationList Empty { get; } = new([], null);
}

/// <summary>How the links of generations are called.</summary>
public static class GenerationName
{
    private const string Ending = "-link";

    /// <summary>Returns the path of the link of a generation.</summary>
    public static string Link(string profile, uint number) =>
        string.Create(CultureInfo.InvariantCulture, $"{profile}-{number}{Ending}");

    /// <summary>Returns the number in a name such as <c>profile-3-link</c>, or null when it belongs to no generation.</summary>
    public static uint? Parse(string profileName, string name)
    {
        if (!name.StartsWith(profileName, StringComparison.Ordinal) || name.Length <= profileName.Length || name[profileName.Length] != '-')
        {
            return null;
        }

        var rest = name.AsSpan(profileName.Length + 1);
        var end = rest.IndexOf(Ending);
        return end > 0 && uint.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
