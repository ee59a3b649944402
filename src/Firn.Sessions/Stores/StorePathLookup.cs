using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store;

namespace Firn.Sessions.Stores;

/// <summary>Turns what a person types, which may be a link or something inside an object, into a store path.</summary>
public static class StorePathLookup
{
    /// <summary>Follows links until they lead into the store, and returns the object.</summary>
    /// <exception cref="StoreException">They do not.</exception>
    public static StorePath Follow(StoreDirectory directory, string typed)
    {
        var path = FollowToStore(directory, typed);
        return directory.TrySplit(path, out var result, out _) ? result : Invalid(directory, path);
    }

    /// <summary>As <see cref="Follow"/>; null when the links do not lead into the store.</summary>
    public static StorePath? TryFollow(StoreDirectory directory, string typed) =>
        directory.TrySplit(FollowLinks(directory, typed), out var result, out _) ? result : null;

    /// <summary>Follows links until they lead into the store, and returns where in the store.</summary>
    /// <exception cref="StoreException">They do not.</exception>
    public static string FollowToStore(StoreDirectory directory, string typed) => FollowLinks(directory, typed) is var path && IsInside(directory, path)
        ? path
        : throw new StoreException(StoreErrors.NotInStore, $"path '{path}' is not in the Nix store", hints: $"The store is '{directory.Path}'.");

    private static string FollowLinks(StoreDirectory directory, string typed)
    {
        // Each link leads somewhere else; the kernel's own limit ends a circle.
        const int maxLinks = 40;
        var path = Path.GetFullPath(typed);
        for (var i = 0; i < maxLinks && !IsInside(directory, path); i++)
        {
            var target = FindLinkTarget(path);
            if (target is null)
            {
                break;
            }

            path = Path.GetFullPath(target, Path.GetDirectoryName(path) ?? "/");
        }

        return path;
    }

    /// <summary>Follows links as <see cref="Follow"/>; what stands behind <c>!</c> or <c>^</c> names outputs.</summary>
    public static (StorePath Path, OutputsSpec? Outputs) FollowWithOutputs(StoreDirectory directory, string typed)
    {
        var mark = typed.LastIndexOfAny(['!', '^']);
        return mark < 0
            ? (Follow(directory, typed), null)
            : (Follow(directory, typed[..mark]), OutputsSpec.Parse(typed[(mark + 1)..]));
    }

    private static bool IsInside(StoreDirectory directory, string path) =>
        path.StartsWith(directory.Path + "/", StringComparison.Ordinal);

    private static string? FindLinkTarget(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget;
    }

    // The parse says what is wrong with the name.
    private static StorePath Invalid(StoreDirectory directory, string path)
    {
        var name = path[(directory.Path.Length + 1)..];
        return StorePath.Parse(name.Contains('/') ? name[..name.IndexOf('/')] : name);
    }
}
