using Firn.Model.StorePaths;

namespace Firn.CacheServer.Metadata;

/// <summary>One of the caches that a server has.</summary>
/// <param name="Id">Its number in the metadata; 0 before it is there.</param>
/// <param name="Name">The first part of its addresses.</param>
public sealed record NamedCache(long Id, string Name)
{
    private const int MaxNameLength = 63;

    /// <summary>Whether everybody may pull from it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Clients ask caches with lower numbers first.</summary>
    public int Priority { get; init; } = 40;

    /// <summary>The store whose paths it has.</summary>
    public StoreDirectory Directory { get; init; } = StoreDirectory.Default;

    /// <summary>The key that signs what it has, as its file would hold it.</summary>
    public required string SecretKey { get; init; }

    /// <summary>What nobody asked for that long may be collected; null keeps everything.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Returns why a cache cannot be called that, or null when it can.</summary>
    public static string? FindProblem(string name)
    {
        if (name.Length is 0 or > MaxNameLength)
        {
            return $"it must have 1 to {MaxNameLength} characters";
        }

        return !char.IsAsciiLetterOrDigit(name[0]) || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.'))
            ? "it must consist of small letters, digits, '-', '_' and '.', and begin with a letter or digit"
            : null;
    }
}
