using Firn.Model.StorePaths;

namespace Firn.Store.Local;

/// <summary>Where a local store keeps what.</summary>
/// <param name="Directory">The directory that paths are spelled with, which enters their digests.</param>
/// <param name="RealStoreDirectory">Where the objects are on this machine's disk.</param>
/// <param name="StateDirectory">Database, roots, locks.</param>
/// <param name="LogDirectory">Build logs, in <c>drvs</c>.</param>
public sealed record StoreLayout(StoreDirectory Directory, string RealStoreDirectory, string StateDirectory, string LogDirectory)
{
    /// <summary>The machine's own store, at <c>/nix</c>.</summary>
    public static StoreLayout Default { get; } = new(StoreDirectory.Default, "/nix/store", "/nix/var/nix", "/nix/var/log/nix");

    public string DatabaseDirectory => $"{StateDirectory}/db";

    public string GcRootsDirectory => $"{StateDirectory}/gcroots";

    public string ProfilesDirectory => $"{StateDirectory}/profiles";

    public string TemporaryRootsDirectory => $"{StateDirectory}/temproots";

    public string LinksDirectory => $"{RealStoreDirectory}/.links";

    public string GcSocket => $"{StateDirectory}/gc-socket/socket";

    /// <summary>The layout of a store below <paramref name="root"/>, as <c>--store /some/root</c> or <c>local?root=…</c> asks for.</summary>
    public static StoreLayout Below(string root, StoreDirectory? directory = null)
    {
        root = root.TrimEnd('/');
        return new(directory ?? StoreDirectory.Default, $"{root}/nix/store", $"{root}/nix/var/nix", $"{root}/nix/var/log/nix");
    }

    /// <summary>Where an object is on this machine's disk.</summary>
    public string RealPath(StorePath path) => $"{RealStoreDirectory}/{path}";

    /// <summary>Maps a path in <see cref="Directory"/>, or inside an object there, to this machine's disk; others stay.</summary>
    public string RealPath(string path) =>
        path.StartsWith(Directory.Path + "/", StringComparison.Ordinal) || path == Directory.Path
            ? RealStoreDirectory + path[Directory.Path.Length..]
            : path;

    /// <summary>Where the log of a derivation's build is, without the suffix of its compression.</summary>
    public string LogPath(StorePath derivation)
    {
        var name = derivation.ToString();
        return $"{LogDirectory}/drvs/{name[..2]}/{name[2..]}";
    }
}
