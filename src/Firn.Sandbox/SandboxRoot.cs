using System.Text;
using Firn.Building;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Sandbox.Users;

namespace Firn.Sandbox;

/// <summary>The directory that a build sees as its root: beside the derivation in the store, so that outputs can be moved.</summary>
internal sealed class SandboxRoot : IDisposable
{
    private readonly string _parent;
    private DirectoryHandle? _store;

    private SandboxRoot(string parent, string storeInside)
    {
        _parent = parent;
        Path = $"{parent}/root";
        StorePath = Path + storeInside;
    }

    /// <summary>Where it is on this machine's disk.</summary>
    public string Path { get; }

    /// <summary>Where the builder's store is on this machine's disk.</summary>
    public string StorePath { get; }

    /// <summary>Makes the directories and files that every build sees.</summary>
    public static SandboxRoot Create(ChamberRequest request, string buildDirectoryInside, BuildUser? user, (uint User, uint Group) seen)
    {
        var root = new SandboxRoot($"{request.RealStoreDirectory}/{request.Path}.chroot", request.Directory.Path);
        FileTree.Delete(root._parent);
        FilePath.CreateDirectory(root._parent, 0x1c0);
        FilePath.CreateDirectory(root.Path, 0x1e8);
        if (user is not null)
        {
            // The sandbox is made by a process of the build user; the builder never sees the parent.
            FilePath.ChangeOwner(root._parent, user.Credentials.User, 0);
            FilePath.ChangeMode(root._parent, 0x140);
            FilePath.ChangeOwner(root.Path, 0, user.Credentials.Group);
        }

        foreach (var name in (ReadOnlySpan<string>)["dev", "proc", "etc"])
        {
            FilePath.CreateDirectory($"{root.Path}/{name}", 0x1ed);
        }

        FilePath.CreateDirectory($"{root.Path}/tmp", 0x3ff);
        FilePath.ChangeMode($"{root.Path}/tmp", 0x3ff);
        root.AddMountPoint(buildDirectoryInside, isDirectory: true);
        FilePath.CreateDirectories(root.StorePath);
        FilePath.ChangeMode(root.StorePath, 0x3fd);
        if (user is not null)
        {
            FilePath.ChangeOwner(root.StorePath, 0, user.Credentials.Group);
        }

        root.WriteEtc(request, buildDirectoryInside, seen);
        return root;
    }

    /// <summary>Makes an empty file or directory to mount something on.</summary>
    public void AddMountPoint(string target, bool isDirectory)
    {
        if (isDirectory)
        {
            FilePath.CreateDirectories(Path + target, 0x1ed);
            return;
        }

        FilePath.CreateDirectories(System.IO.Path.GetDirectoryName(Path + target)!, 0x1ed);
        if (!PathStatus.Exists(Path + target))
        {
            FileHandle.CreateNew(Path + target, 0x1a4).Dispose();
        }
    }

    /// <summary>Makes a link, since links cannot be mounted.</summary>
    public void AddLink(string target, string content)
    {
        FilePath.CreateDirectories(System.IO.Path.GetDirectoryName(Path + target)!, 0x1ed);
        SymbolicLink.Create(Path + target, content);
    }

    /// <summary>Closes <c>/etc</c>, once everything is in it.</summary>
    public void Seal()
    {
        FilePath.ChangeMode($"{Path}/etc", 0x16d);
        _store = DirectoryHandle.Open(StorePath);
    }

    /// <summary>Puts a copy of an object into the builder's store while the builder runs.</summary>
    /// <remarks>A copy, since a builder that runs as us could write to the object itself. It is made where the builder
    /// cannot reach, and moved by descriptor: whatever the builder puts in the way, nothing outside is touched.</remarks>
    /// <exception cref="BuildException">The builder has something else there.</exception>
    public void Show(DirectoryHandle store, StorePath path)
    {
        var name = Encoding.UTF8.GetBytes(path.ToString());
        var arrivals = $"{_parent}/arrivals";
        FileTree.Delete(arrivals);
        FilePath.CreateDirectory(arrivals, 0x1c0);
        using (var folder = DirectoryHandle.Open(arrivals))
        {
            TreeCopy.Copy(store, name, folder);
            var status = store.Status(name);
            using var directory = status.IsDirectory ? folder.OpenDirectory(name) : null;
            if (_store!.FindStatus(name) is not null)
            {
                throw new BuildException(BuildStatus.MiscFailure, $"cannot show '{path}' to the builder, which has something of that name already");
            }

            FilePath.Rename($"{arrivals}/{path}", $"/proc/self/fd/{_store.Descriptor}/{path}");
            directory?.ChangeMode(status.Permissions);
            directory?.SetModified(status.ModifiedSeconds);
        }

        FileTree.Delete(arrivals);
    }

    public void Dispose()
    {
        _store?.Dispose();
        FileTree.Delete(_parent);
    }

    private void WriteEtc(ChamberRequest request, string home, (uint User, uint Group) seen)
    {
        Write("passwd", $"root:x:0:0:Nix build user:{home}:/noshell\nnixbld:x:{seen.User}:{seen.Group}:Nix build user:{home}:/noshell\nnobody:x:65534:65534:Nobody:/:/noshell\n");
        Write("group", $"root:x:0:\nnixbld:!:{seen.Group}:\nnogroup:x:65534:\n");
        if (request.IsIsolated)
        {
            Write("hosts", "127.0.0.1 localhost\n::1 localhost\n");
        }
        else
        {
            Write("nsswitch.conf", "hosts: files dns\nservices: files\n");
        }
    }

    private void Write(string name, string content)
    {
        using var file = FileHandle.CreateNew($"{Path}/etc/{name}", 0x1a4);
        file.Write(Encoding.UTF8.GetBytes(content));
    }
}
