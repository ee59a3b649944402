using System.Globalization;

namespace Firn.Store.BinaryCache;

/// <summary>What the file <c>nix-cache-info</c> says.</summary>
/// <param name="StoreDirectory">How paths are spelled there.</param>
/// <param name="Priority">Caches with lower numbers are asked first.</param>
/// <param name="WantsMassQuery">Whether it may be asked about many objects at once.</param>
public sealed record CacheInfo(string StoreDirectory, int Priority, bool WantsMassQuery)
{
    /// <summary>What the file is called.</summary>
    public const string FileName = "nix-cache-info";

    /// <summary>What holds where the file says nothing.</summary>
    public static CacheInfo Default { get; } = new("/nix/store", 0, false);

    /// <summary>Reads the file; lines that are not understood are passed over.</summary>
    public static CacheInfo Parse(string text)
    {
        var info = Default;
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':');
            if (colon < 0)
            {
                continue;
            }

            var value = line[(colon + 1)..].Trim();
            info = line[..colon] switch
            {
                "StoreDir" => info with { StoreDirectory = value },
                "Priority" when int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var priority) => info with { Priority = priority },
                "WantMassQuery" => info with { WantsMassQuery = value == "1" },
                _ => info,
            };
        }

        return info;
    }
}
