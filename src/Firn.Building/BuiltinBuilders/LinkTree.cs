using System.Text;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Building.BuiltinBuilders;

/// <summary>A tree of links to the files of several packages; where files collide, the lower number wins.</summary>
/// <param name="output">The folder to make it in.</param>
/// <param name="files">Where the packages are.</param>
/// <param name="print">Prints a line about what is left out.</param>
/// <param name="cancellation">Ends it.</param>
public sealed class LinkTree(string output, LinkedFiles files, Action<string> print, CancellationToken cancellation)
{
    // Of no use in an environment, or in every package and so bound to collide.
    private static readonly string[] _left =
    [
        "/propagated-build-inputs", "/nix-support", "/perllocal.pod", "/info/dir", "/log", "/manifest.nix", "/manifest.json",
    ];

    private readonly Dictionary<string, int> _priorities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _postponed = new(StringComparer.Ordinal);

    /// <summary>Links the files of packages, those of lower numbers first, and of what they bring along.</summary>
    /// <exception cref="LinkConflictException">Two packages of the same priority have a file of the same name.</exception>
    public void Add(IReadOnlyList<(string Path, int Priority)> packages)
    {
        foreach (var (path, priority) in packages.OrderBy(p => p.Priority).ThenBy(p => p.Path, StringComparer.Ordinal))
        {
            Add(path, priority);
        }

        // What packages bring along comes after what the user asked for.
        var next = 1000;
        while (_postponed.Count > 0)
        {
            var brought = _postponed.ToList();
            _postponed.Clear();
            foreach (var path in brought)
            {
                Add(path, next++);
            }
        }
    }

    private void Add(string package, int priority)
    {
        if (!_done.Add(package))
        {
            return;
        }

        Link(package, output, priority);
        var file = $"{package}/nix-support/propagated-user-env-packages";
        if (PathStatus.FindTarget(files.RealPath(file)) is { IsRegular: true })
        {
            using var reader = new StreamReader(files.OpenFile(file));
            foreach (var path in reader.ReadToEnd().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (!_done.Contains(path))
                {
                    _postponed.Add(path);
                }
            }
        }
    }

    private void Link(string source, string target, int priority)
    {
        cancellation.ThrowIfCancellationRequested();
        var folder = files.RealPath(source);
        if (PathStatus.FindTarget(folder) is { IsDirectory: false })
        {
            print($"warning: not including \"{source}\" in the user environment because it's not a directory");
            return;
        }

        using var handle = files.OpenFolder(source);
        foreach (var name in handle.List().Select(e => Encoding.UTF8.GetString(e.Name)).Where(n => n[0] != '.').Order(StringComparer.Ordinal))
        {
            var (from, to) = ($"{source}/{name}", $"{target}/{name}");
            if (Target(from) is not { } status)
            {
                print($"warning: skipping dangling symlink '{to}'");
            }
            else if (!_left.Any(l => from.EndsWith(l, StringComparison.Ordinal)))
            {
                LinkOne(from, to, status.IsDirectory, priority);
            }
        }
    }

    private void LinkOne(string from, string to, bool isDirectory, int priority)
    {
        var present = PathStatus.Find(to);
        if (isDirectory && present is { IsDirectory: true })
        {
            Link(from, to, priority);
            return;
        }

        if (isDirectory && present is { IsSymlink: true })
        {
            Merge(from, to, priority);
            return;
        }

        if (!isDirectory && present is { IsSymlink: true })
        {
            var earlier = _priorities[to];
            if (earlier == priority)
            {
                throw new LinkConflictException(SymbolicLink.Read(to), from, priority);
            }

            if (earlier < priority)
            {
                return;
            }

            FilePath.Remove(to);
        }
        else if (!isDirectory && present is { IsDirectory: true })
        {
            throw BuiltinBuild.Failed($"collision between non-directory '{from}' and directory '{to}'");
        }

        SymbolicLink.Create(to, from);
        _priorities[to] = priority;
    }

    private void Merge(string from, string to, int priority)
    {
        var earlier = SymbolicLink.Read(to);
        if (Target(earlier) is not { IsDirectory: true })
        {
            throw BuiltinBuild.Failed($"collision between \"{from}\" and non-directory \"{earlier}\"");
        }

        FilePath.Remove(to);
        FilePath.CreateDirectory(to, 0x1ed);
        Link(earlier, to, _priorities[to]);
        Link(from, to, priority);
    }

    /// <summary>Follows links as a builder would, for whom the store is where its paths say.</summary>
    private FileStatus? Target(string path)
    {
        for (var steps = 0; steps < 40; steps++)
        {
            var status = PathStatus.Find(files.RealPath(path));
            if (status is not { IsSymlink: true })
            {
                return status ?? PathStatus.FindTarget(files.RealPath(path));
            }

            path = Path.GetFullPath(SymbolicLink.Read(files.RealPath(path)), Path.GetDirectoryName(path)!);
        }

        return null;
    }
}

/// <summary>How files that are linked to are looked at.</summary>
/// <param name="RealPath">Maps a path in the store to this machine's disk.</param>
/// <param name="OpenFile">Opens a file by its path in the store.</param>
/// <param name="OpenFolder">Opens a folder by its path in the store, also behind a link.</param>
public sealed record LinkedFiles(Func<string, string> RealPath, Func<string, FileHandle> OpenFile, Func<string, DirectoryHandle> OpenFolder)
{
    /// <summary>Those that this process may look at.</summary>
    public static LinkedFiles Of(Func<string, string> realPath) =>
        new(realPath, path => FileHandle.OpenRegular(realPath(path)), path => DirectoryHandle.OpenFollowing(realPath(path)));
}

/// <summary>Two packages of the same priority have a file of the same name.</summary>
public sealed class LinkConflictException(string first, string second, int priority) : FirnException(new Diagnostic(
    BuildErrors.Of(BuildStatus.PermanentFailure),
    "Unable to build profile. There is a conflict for the following files:\n\n"
    + $"  \"{first}\"\n  \"{second}\"\n\n"
    + $"Both packages have priority {priority}: give one a lower number ('nix-env --set-flag priority NUMBER PACKAGE') to have its file taken."))
{
    /// <summary>The file that was linked first.</summary>
    public string First { get; } = first;

    /// <summary>The one that would be linked in its place.</summary>
    public string Second { get; } = second;

    public int Priority { get; } = priority;
}
