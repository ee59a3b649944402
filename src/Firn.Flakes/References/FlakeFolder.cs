using System.Collections.Immutable;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;

namespace Firn.Flakes.References;

/// <summary>Finds which flake, of which repository, a path on this disk means.</summary>
internal static class FlakeFolder
{
    private const string FlakeFile = "flake.nix";

    /// <summary>Returns the URL of the flake that holds <paramref name="path"/>.</summary>
    /// <exception cref="FlakeException">There is none.</exception>
    public static Url Find(string path, string written, ImmutableSortedDictionary<string, string> query, string fragment, ReferenceReading reading)
    {
        path = FollowLinks(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, reading.BaseDirectory!)));
        if (!reading.IsFlake)
        {
            return PathUrl(path, query, fragment);
        }

        if (!Path.Exists(path))
        {
            throw new FlakeException(
                FlakeErrors.NoFlake, $"path \"{path}\" does not exist",
                $"'{written}' was taken for a path; a flake of the registry is written as its name alone, another as a URL.");
        }

        if (!Directory.Exists(path))
        {
            if (Path.GetFileName(path) != FlakeFile)
            {
                throw new FlakeException(FlakeErrors.NoFlake, $"path \"{path}\" is not a flake (because it's not a directory)");
            }

            var parent = Path.GetDirectoryName(path)!;
            reading.Log?.Write(
                Verbosity.Warning,
                $"Path \"{path}\" should point at the directory containing the 'flake.nix' file, not the file itself. Pretending that you meant \"{parent}\"");
            path = parent;
        }

        if (!reading.AllowsMissing && !HasFlake(path))
        {
            reading.Log?.Write(Verbosity.Notice, $"path \"{path}\" does not contain a 'flake.nix', searching up");
            path = FindAbove(path);
        }

        return RepositoryUrl(path, written, query, fragment) ?? PathUrl(path, query, fragment);
    }

    /// <summary>Returns the path with all links followed, as far as it is there.</summary>
    private static string FollowLinks(string path)
    {
        const int maxLinks = 40;
        for (var links = 0; links < maxLinks; links++)
        {
            var next = Follow(path);
            if (next == path)
            {
                break;
            }

            path = next;
        }

        return path;
    }

    private static string Follow(string path)
    {
        for (var part = path; part.Length > 1; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is { } target)
            {
                return Path.GetFullPath(target, Path.GetDirectoryName(part)!) + path[part.Length..];
            }
        }

        return path;
    }

    private static string FindAbove(string start)
    {
        for (var path = start; path != "/"; path = Path.GetDirectoryName(path)!)
        {
            if (HasFlake(path))
            {
                return path;
            }

            if (Path.Exists(Path.Combine(path, ".git")))
            {
                throw new FlakeException(
                    FlakeErrors.NoFlake,
                    $"path \"{path}\" is not part of a flake (neither it nor its parent directories contain a 'flake.nix' file)",
                    "'nix flake init' makes one here.");
            }
        }

        throw new FlakeException(FlakeErrors.NoFlake, "could not find a flake.nix file", $"It was looked for in '{start}' and above. 'nix flake init' makes one.");
    }

    private static Url? RepositoryUrl(string path, string written, ImmutableSortedDictionary<string, string> query, string fragment)
    {
        var inside = "";
        for (var root = path; root != "/"; root = Path.GetDirectoryName(root)!)
        {
            var git = Path.Combine(root, ".git");
            if (Path.Exists(git))
            {
                if (inside.Length > 0)
                {
                    query = query.ContainsKey("dir")
                        ? throw new FlakeException(FlakeErrors.BadReference, $"flake URL '{written}' has an inconsistent 'dir' parameter")
                        : query.SetItem("dir", inside);
                }

                query = Path.Exists(Path.Combine(git, "shallow")) ? query.SetItem("shallow", "1") : query;
                return new Url { Scheme = "git+file", Authority = "", Path = root, Query = query, Fragment = fragment };
            }

            inside = Path.GetFileName(root) + (inside.Length == 0 ? "" : "/" + inside);
        }

        return null;
    }

    private static bool HasFlake(string path) => File.Exists(Path.Combine(path, FlakeFile));

    private static Url PathUrl(string path, ImmutableSortedDictionary<string, string> query, string fragment) =>
        new() { Scheme = "path", Authority = "", Path = path, Query = query, Fragment = fragment };
}
