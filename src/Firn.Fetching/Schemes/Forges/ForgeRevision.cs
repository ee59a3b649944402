namespace Firn.Fetching.Schemes.Forges;

/// <summary>How revisions look in short URLs.</summary>
internal static class ForgeRevision
{
    private const int Length = 40;

    /// <summary>Tells a revision from the name of a branch.</summary>
    internal static bool IsRevision(string text) => text.Length == Length && text.All(char.IsAsciiHexDigit);
}
