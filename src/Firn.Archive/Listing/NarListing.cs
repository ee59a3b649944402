using System.Collections.Immutable;
using System.Text.Json;

namespace Firn.Archive.Listing;

/// <summary>What is in a NAR, without the contents: the <c>.ls</c> files of binary caches.</summary>
public abstract record NarListing
{
    private NarListing() { }

    /// <summary>A file, and where in the NAR its bytes start.</summary>
    public sealed record Regular(long Size, bool IsExecutable, long Offset) : NarListing;

    /// <summary>A link.</summary>
    public sealed record Symlink(string Target) : NarListing;

    /// <summary>A directory; entries are in the NAR's order.</summary>
    public sealed record Directory(ImmutableArray<KeyValuePair<string, NarListing>> Entries) : NarListing;

    /// <summary>Returns what is at <paramref name="path"/>, whose parts '/' divides; null when nothing is.</summary>
    public NarListing? Find(string path)
    {
        var here = this;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            here = (here as Directory)?.Entries.FirstOrDefault(e => e.Key == part).Value;
            if (here is null)
            {
                return null;
            }
        }

        return here;
    }

    /// <summary>Writes the whole file: the version and the root.</summary>
    public void WriteFile(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("root");
        Write(json, withOffsets: true, isRecursive: true);
        json.WriteNumber("version", 1);
        json.WriteEndObject();
    }

    /// <summary>Writes the entry as JSON, its members sorted.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="withOffsets">Whether to tell where in the NAR files are.</param>
    /// <param name="isRecursive">Whether to write what is in a directory's directories; else these are empty objects.</param>
    public void Write(Utf8JsonWriter json, bool withOffsets, bool isRecursive)
    {
        json.WriteStartObject();
        switch (this)
        {
            case Regular file:
                if (file.IsExecutable)
                {
                    json.WriteBoolean("executable", true);
                }

                if (withOffsets)
                {
                    json.WriteNumber("narOffset", file.Offset);
                }

                json.WriteNumber("size", file.Size);
                json.WriteString("type", "regular");
                break;
            case Symlink link:
                json.WriteString("target", link.Target);
                json.WriteString("type", "symlink");
                break;
            case Directory directory:
                json.WriteStartObject("entries");
                foreach (var (name, entry) in directory.Entries)
                {
                    json.WritePropertyName(name);
                    if (isRecursive)
                    {
                        entry.Write(json, withOffsets, isRecursive);
                    }
                    else
                    {
                        json.WriteStartObject();
                        json.WriteEndObject();
                    }
                }

                json.WriteEndObject();
                json.WriteString("type", "directory");
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        json.WriteEndObject();
    }
}
