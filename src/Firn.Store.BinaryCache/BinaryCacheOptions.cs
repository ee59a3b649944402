using Firn.Archive.Compression;

namespace Firn.Store.BinaryCache;

/// <summary>How a cache is written and used, as the part of its address behind the question mark says.</summary>
public sealed record BinaryCacheOptions
{
    /// <summary>How NARs are compressed.</summary>
    public CompressionMethod Compression { get; init; } = CompressionMethod.Xz;

    /// <summary>The method's own level; null for its customary one.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>Files with the keys that sign what is added.</summary>
    public IReadOnlyList<string> SecretKeyFiles { get; init; } = [];

    /// <summary>Whether to write the list of files beside each NAR.</summary>
    public bool WritesListings { get; init; }

    /// <summary>Reads the parameters of a cache's address; others are ignored.</summary>
    /// <exception cref="StoreException">One has a value that it cannot have.</exception>
    public static BinaryCacheOptions Parse(IReadOnlyDictionary<string, string> parameters)
    {
        var options = new BinaryCacheOptions
        {
            SecretKeyFiles = [.. new[] { parameters.GetValueOrDefault("secret-key", "") }
                .Concat(parameters.GetValueOrDefault("secret-keys", "").Split(',')).Where(f => f.Length > 0)],
            WritesListings = parameters.GetValueOrDefault("write-nar-listing") is "true" or "1" or "yes",
        };
        if (parameters.TryGetValue("compression", out var compression))
        {
            options = options with { Compression = CompressionMethods.Find(compression) ?? throw Bad("compression", compression) };
        }

        return parameters.TryGetValue("compression-level", out var text) && text != "-1"
            ? options with { CompressionLevel = int.TryParse(text, out var level) ? level : throw Bad("compression-level", text) }
            : options;
    }

    private static StoreException Bad(string name, string value) =>
        new(StoreErrors.Unsupported, $"'{value}' is not a valid value of the binary cache's parameter '{name}'");
}
