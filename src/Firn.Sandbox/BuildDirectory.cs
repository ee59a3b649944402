using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Firn.Building;
using Firn.Model.Builds;
using Firn.Platform.Files;
using Firn.Sandbox.Users;

namespace Firn.Sandbox;

/// <summary>The directory that a build works in, on this machine's disk; removed when disposed.</summary>
internal sealed class BuildDirectory : IDisposable
{
    private const int OwnerOnly = 0x1c0;
    private const int OwnerMayEnter = 0x140;
    private const int OthersMayWrite = 0x2;

    private readonly string _top;
    private readonly BuildUser? _user;
    private bool _isKept;

    private BuildDirectory(string top, string path, BuildUser? user) => (_top, Path, _user) = (top, path, user);

    /// <summary>The build directory itself.</summary>
    public string Path { get; }

    /// <summary>The one that it lies in, or itself.</summary>
    public string Top => _top;

    /// <summary>Makes a directory with a name nobody can foresee.</summary>
    /// <param name="parent">Where to make it.</param>
    /// <param name="user">Whom it belongs to, or null.</param>
    /// <param name="isNested">Whether it lies in one that no other user can enter, so that what the builder makes is out of reach.</param>
    public static BuildDirectory Create(string parent, BuildUser? user, bool isNested)
    {
        FilePath.CreateDirectories(parent);
        if (user is not null)
        {
            CheckParents(parent);
        }

        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var top = string.Create(CultureInfo.InvariantCulture, $"{parent}/nix-{Environment.ProcessId}-{name}");
        FilePath.CreateDirectory(top, OwnerOnly);
        var path = top;
        if (isNested)
        {
            path = $"{top}/build";
            FilePath.CreateDirectory(path, OwnerOnly);
        }

        if (user is not null)
        {
            FilePath.ChangeOwner(path, user.Credentials.User, user.Credentials.Group);
            if (isNested)
            {
                // The sandbox is made by a process of the build user, which has to get in; the builder never sees this one.
                FilePath.ChangeOwner(top, user.Credentials.User, user.Credentials.Group);
                FilePath.ChangeMode(top, OwnerMayEnter);
            }
        }

        return new BuildDirectory(top, path, user);
    }

    /// <summary>Makes a file in it that belongs to the builder.</summary>
    public void AddFile(string name, ReadOnlySpan<byte> content) => AddFile(Path, name, content);

    /// <summary>Makes a file beside it, for the builder to read, and returns its path.</summary>
    public string AddAbove(string name, ReadOnlySpan<byte> content)
    {
        AddFile(_top, name, content);
        return $"{_top}/{name}";
    }

    private void AddFile(string folder, string name, ReadOnlySpan<byte> content)
    {
        using var directory = DirectoryHandle.Open(folder);
        using (var file = directory.CreateFile(Encoding.UTF8.GetBytes(name), 0x1b6))
        {
            file.Write(content);
        }

        if (_user is not null)
        {
            FilePath.ChangeOwner($"{folder}/{name}", _user.Credentials.User, _user.Credentials.Group);
        }
    }

    /// <summary>Has it stay, for everybody to look at.</summary>
    public string Keep()
    {
        _isKept = true;
        FilePath.ChangeMode(_top, 0x1ed);
        FilePath.ChangeMode(Path, 0x1ed);
        return Path;
    }

    public void Dispose()
    {
        if (!_isKept)
        {
            // Nobody who still holds a descriptor into it gets any further.
            FilePath.ChangeMode(_top, 0);
            FileTree.Delete(_top);
        }
    }

    private static void CheckParents(string path)
    {
        for (var current = path; !string.IsNullOrEmpty(current); current = System.IO.Path.GetDirectoryName(current))
        {
            var status = PathStatus.Get(current);
            if (status.IsSymlink || (status.Permissions & OthersMayWrite) != 0)
            {
                throw new BuildException(
                    BuildStatus.MiscFailure, $"Path '{current}' is world-writable or a symlink. That's not allowed for security.");
            }
        }
    }
}
