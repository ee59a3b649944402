using Firn.Archive.Listing;

namespace Firn.Store.BinaryCache.Writing;

/// <summary>Files that lead from the number that a linker gave a program to the NAR with its debugging symbols.</summary>
internal static class DebugInfoIndex
{
    private const string Folder = "lib/debug/.build-id";

    /// <summary>Writes them for all that a NAR holds.</summary>
    internal static void Write(ICacheFiles files, NarListing listing, string url)
    {
        if (listing.Find(Folder) is not NarListing.Directory folder)
        {
            return;
        }

        foreach (var (start, inner) in folder.Entries)
        {
            foreach (var (rest, file) in (inner as NarListing.Directory)?.Entries ?? [])
            {
                if (file is NarListing.Regular && IsHex(start, 2) && rest.EndsWith(".debug", StringComparison.Ordinal)
                    && IsHex(rest[..^".debug".Length], 38) && !files.Exists($"debuginfo/{start}{rest}"))
                {
                    files.Write($"debuginfo/{start}{rest}", CacheFile.Of(NarUpload.Json(json =>
                    {
                        json.WriteStartObject();
                        json.WriteString("archive", $"../{url}");
                        json.WriteString("member", $"{Folder}/{start}/{rest}");
                        json.WriteEndObject();
                    }), "application/json"));
                }
            }
        }
    }

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);
}
