using System.Collections.Immutable;
using Firn.Transfers;

namespace Firn.Fetching.Transfers;

/// <summary>A file that was brought here, or the news that it has not changed.</summary>
/// <param name="Path">Where it is on this disk; null when it has not changed since the given tag.</param>
/// <param name="ETag">The server's tag for this version, empty when it gives none.</param>
/// <param name="Urls">All URLs on the way, the last one where it really is.</param>
/// <param name="ImmutableUrl">A URL that the server says will always give this version.</param>
public sealed record Transfer(string? Path, string ETag, ImmutableArray<string> Urls, string? ImmutableUrl) : IDisposable
{
    /// <summary>Whether <see cref="Path"/> is ours to remove.</summary>
    internal bool IsTemporary { get; init; }

    public void Dispose()
    {
        if (IsTemporary && Path is not null)
        {
            File.Delete(Path);
        }
    }
}

/// <summary>Brings files here by their URL.</summary>
public interface ITransfers
{
    /// <summary>Gets a file, unless it still has the tag <paramref name="knownETag"/>.</summary>
    /// <exception cref="FetchException">It cannot be had.</exception>
    Transfer Get(string url, string knownETag, ImmutableArray<TransferHeader> headers);
}
