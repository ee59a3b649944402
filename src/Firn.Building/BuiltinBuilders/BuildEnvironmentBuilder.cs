using System.Globalization;
using System.Text;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Building.BuiltinBuilders;

/// <summary><c>builtin:buildenv</c>: a tree of links to the files of several packages, as a user's environment is.</summary>
internal sealed class BuildEnvironmentBuilder
{
    // Of no use in an environment, or in every package and so bound to collide.
    private static readonly string[] _left =
    [
        "/propagated-build-inputs", "/nix-support", "/perllocal.pod", "/info/dir", "/log", "/manifest.nix", "/manifest.json",
    ];

    private readonly BuiltinBuild _build;
    private readonly Dictionary<string, int> _priorities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _postponed = new(StringComparer.Ordinal);

    private BuildEnvironmentBuilder(BuiltinBuild build) => _build = build;

    public static void Run(BuiltinBuild build)
    {
        FilePath.CreateDirectories(build.Output);
        new BuildEnvironmentBuilder(build).AddAll(Packages(build.Attribute("derivations")));
        SymbolicLink.Create($"{build.Output}/manifest.nix", build.Attribute("manifest"));
    }

    private static List<(string Path, int Priority)> Packages(string text)
    {
        var words = new Queue<string>(text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        var packages = new List<(string, int)>();
        try
        {
            while (words.TryDequeue(out var active))
            {
                var priority = int.Parse(words.Dequeue(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                for (var outputs = int.Parse(words.Dequeue(), NumberStyles.None, CultureInfo.InvariantCulture); outputs > 0; outputs--)
                {
                    var path = words.Dequeue();
                    if (active != "false")
                    {
                        packages.Add((path, priority));
                    }
                }
            }
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException)
        {
            throw BuiltinBuild.Failed($"attribute 'derivations' is not a list of packages: {e.Message}");
        }

        return packages;
    }

    private void AddAll(List<(string Path, int Priority)> packages)
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

        Link(package, _build.Output, priority);
        var file = $"{package}/nix-support/propagated-user-env-packages";
        if (PathStatus.FindTarget(_build.RealPath(file)) is { IsRegular: true })
        {
            using var reader = new StreamReader(_build.OpenFile(file));
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
        _build.Cancellation.ThrowIfCancellationRequested();
        var folder = _build.RealPath(source);
        if (PathStatus.FindTarget(folder) is { IsDirectory: false })
        {
            _build.Print($"warning: not including \"{source}\" in the user environment because it's not a directory");
            return;
        }

        using var handle = _build.OpenFolder(source);
        foreach (var name in handle.List().Select(e => Encoding.UTF8.GetString(e.Name)).Where(n => n[0] != '.').Order(StringComparer.Ordinal))
        {
            var (from, to) = ($"{source}/{name}", $"{target}/{name}");
            if (Target(from) is not { } status)
            {
                _build.Print($"warning: skipping dangling symlink '{to}'");
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
                throw Conflict(SymbolicLink.Read(to), from, priority);
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
            var status = PathStatus.Find(_build.RealPath(path));
            if (status is not { IsSymlink: true })
            {
                return status ?? PathStatus.FindTarget(_build.RealPath(path));
            }

            path = Path.GetFullPath(SymbolicLink.Read(_build.RealPath(path)), Path.GetDirectoryName(path)!);
        }

        return null;
    }

    private static BuildException Conflict(string first, string second, int priority) => BuiltinBuild.Failed(
        "Unable to build profile. There is a conflict for the following files:\n\n"
        + $"  \"{first}\"\n  \"{second}\"\n\n"
        + $"Both packages have priority {priority}: give one a lower number ('nix-env --set-flag priority NUMBER PACKAGE') to have its file taken.");
}
