using System.Globalization;
using Firn.Archive.Compression;

namespace Firn.Store.BinaryCache;

/// <summary>How a cache is written and used, as the part of its address behind the question mark says.</summary>
public sealed record BinaryCacheOptions
{
    /// <summary>How NARs are compressed.</summary>
    public CompressionMethod Compression { get; init; } = CompressionMethod.Xz;

    /// <summary>The method's own level; null for its customary one.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>Whether one NAR is compressed by many threads, where the method can do that.</summary>
    public bool CompressesInParallel { get; init; }

    /// <summary>Files with the keys that sign what is added.</summary>
    public IReadOnlyList<string> SecretKeyFiles { get; init; } = [];

    /// <summary>Whether to write the list of files beside each NAR.</summary>
    public bool WritesListings { get; init; }

    /// <summary>Whether to write files that lead from the number of a program to where its debugging symbols are.</summary>
    public bool IndexesDebugInfo { get; init; }

    /// <summary>Where it stands among substituters, if not where it says itself.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether it may be asked about many objects at once, if not as it says itself.</summary>
    public bool? WantsMassQuery { get; init; }

    /// <summary>A folder in which NARs are kept that were read here; null for none.</summary>
    public string? LocalNarCache { get; init; }

    /// <summary>How <c>.narinfo</c> files are compressed on the way to a server; null for not at all.</summary>
    public CompressionMethod? NarInfoEncoding { get; init; }

    /// <summary>How <c>.ls</c> files are compressed on the way to a server; null for not at all.</summary>
    public CompressionMethod? ListingEncoding { get; init; }

    /// <summary>How build logs are compressed on the way to a server; null for not at all.</summary>
    public CompressionMethod? LogEncoding { get; init; }

    /// <summary>Reads the parameters of a cache's address; others are ignored.</summary>
    /// <exception cref="StoreException">One has a value that it cannot have.</exception>
    public static BinaryCacheOptions Parse(IReadOnlyDictionary<string, string> parameters)
    {
        string? Text(string name) => parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        bool? Flag(string name) => Text(name) switch
        {
            null => null,
            "true" or "yes" or "1" => true,
            "false" or "no" or "0" => false,
            var value => throw Bad(name, value),
        };
        CompressionMethod? Method(string name) => Text(name) is { } value ? CompressionMethods.Find(value) ?? throw Bad(name, value) : null;
        int? Number(string name) => Text(name) is { } value
            ? int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(name, value)
            : null;
        var options = new BinaryCacheOptions
        {
            Compression = parameters.TryGetValue("compression", out var text) && text.Length == 0
                ? CompressionMethod.None
                : Method("compression") ?? CompressionMethod.Xz,
            CompressionLevel = Number("compression-level") is { } level and not -1 ? level : null,
            CompressesInParallel = Flag("parallel-compression") ?? false,
            SecretKeyFiles = [.. new[] { Text("secret-key") ?? "" }.Concat((Text("secret-keys") ?? "").Split(',')).Where(f => f.Length > 0)],
            WritesListings = Flag("write-nar-listing") ?? false,
            IndexesDebugInfo = Flag("index-debug-info") ?? false,
            Priority = Number("priority"),
            WantsMassQuery = Flag("want-mass-query"),
            LocalNarCache = Text("local-nar-cache"),
            NarInfoEncoding = Method("narinfo-compression"),
            ListingEncoding = Method("ls-compression"),
            LogEncoding = Method("log-compression"),
        };
        return options.CompressionLevel is { } chosen && options.Compression.Levels() is var (least, most) && (chosen < least || chosen > most)
            ? throw new StoreException(
                StoreErrors.Unsupported,
                $"'{chosen}' is not a valid value of the binary cache's parameter 'compression-level': it goes from {least} to {most} for '{options.Compression.Name()}'")
            : options;
    }

    private static StoreException Bad(string name, string value) =>
        new(StoreErrors.Unsupported, $"'{value}' is not a valid value of the binary cache's parameter '{name}'");
}
