namespace Firn.Fetching;

/// <summary>What fetching takes from the environment of the process.</summary>
/// <param name="CacheDirectory">The user's cache for Nix, such as <c>~/.cache/nix</c>.</param>
/// <param name="TreatsLocalAsRemote">Clone Git repositories even when they are on this disk (<c>_NIX_FORCE_HTTP</c>, for tests).</param>
public sealed record FetchPlaces(string CacheDirectory, bool TreatsLocalAsRemote = false);
