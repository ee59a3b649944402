using System.Text;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Store.Local.Adding;

/// <summary>Takes from files what no archive records: times, owners, extended attributes, most permissions.</summary>
/// <remarks>Works by descriptor and name only, as a builder made the tree and might be changing it still.</remarks>
public sealed class CanonicalMetadata
{
    /// <summary>The time of the last change of everything in a store: one second after 1970 began.</summary>
    public const long Time = 1;

    private const int ReadOnly = 0x124;
    private const int ReadOnlyExecutable = 0x16d;

    private readonly CanonicalOptions _options;
    private readonly HashSet<(ulong Device, ulong Inode)> _seen;
    private readonly uint _user = CurrentUser.Id;

    private CanonicalMetadata(CanonicalOptions options, HashSet<(ulong Device, ulong Inode)> seen) => (_options, _seen) = (options, seen);

    /// <summary>Brings the tree at <paramref name="path"/> into the form that a store keeps.</summary>
    /// <param name="path">A file, link or directory.</param>
    /// <param name="options">Whose files may be there, and which attributes may stay.</param>
    /// <param name="seen">The files seen so far; share it between the outputs of one build, which may share files.</param>
    /// <exception cref="StoreException">Something in it cannot be in a store.</exception>
    public static void Apply(string path, CanonicalOptions options, HashSet<(ulong Device, ulong Inode)>? seen = null)
    {
        using var parent = DirectoryHandle.OpenFollowing(Path.GetDirectoryName(path)!);
        new CanonicalMetadata(options, seen ?? []).Entry(parent, Encoding.UTF8.GetBytes(Path.GetFileName(path)), path);
    }

    /// <summary>Does so for the file, link or directory itself, not for what is in it.</summary>
    internal static void ApplyToOne(string path, CanonicalOptions options)
    {
        using var parent = DirectoryHandle.OpenFollowing(Path.GetDirectoryName(path)!);
        new CanonicalMetadata(options, []).One(parent, Encoding.UTF8.GetBytes(Path.GetFileName(path)), path);
    }

    private void Entry(DirectoryHandle parent, byte[] name, string path)
    {
        if (!One(parent, name, path).IsDirectory)
        {
            return;
        }

        using var directory = parent.OpenDirectory(name);
        foreach (var entry in directory.List())
        {
            Entry(directory, entry.Name, $"{path}/{entry}");
        }
    }

    private FileStatus One(DirectoryHandle parent, byte[] name, string path)
    {
        var status = parent.Status(name);
        if (status.Type is not (FileType.Regular or FileType.Directory or FileType.Symlink))
        {
            throw new StoreException(StoreErrors.BadFile, $"file '{path}' has an unsupported type");
        }

        var byDescriptor = $"/proc/self/fd/{parent.Descriptor}/{Encoding.UTF8.GetString(name)}";
        foreach (var attribute in FilePath.ListAttributes(byDescriptor))
        {
            if (!_options.IgnoredAttributes.Contains(attribute))
            {
                FilePath.RemoveAttribute(byDescriptor, attribute);
            }
        }

        // Files that the builder does not own were linked in from elsewhere, such as /etc/shadow: they are not ours to change.
        // Those that we took over before, under another name, are.
        if (_options.Users is { } users && (status.User < users.First || status.User > users.Last))
        {
            if (status.IsDirectory || !_seen.Contains((status.Device, status.Inode)))
            {
                throw new StoreException(StoreErrors.BadFile, $"invalid ownership on file '{path}'");
            }

            return status;
        }

        _seen.Add((status.Device, status.Inode));
        if (!status.IsSymlink)
        {
            var mode = status.IsDirectory || status.IsExecutable ? ReadOnlyExecutable : ReadOnly;
            if (status.Permissions != mode && (status.IsDirectory || status.Permissions is not (ReadOnly or ReadOnlyExecutable)))
            {
                parent.ChangeMode(name, mode);
            }
        }

        if (status.ModifiedSeconds != Time || status.ModifiedNanoseconds != 0)
        {
            parent.SetModified(name, Time);
        }

        if (status.User != _user)
        {
            parent.ChangeOwner(name, _user, CurrentUser.GroupId);
        }

        return status;
    }
}

/// <summary>What may be in a tree that goes into a store.</summary>
/// <param name="Users">Whose files may be there; null allows all.</param>
/// <param name="IgnoredAttributes">Extended attributes that may stay.</param>
public sealed record CanonicalOptions(UserRange? Users, IReadOnlySet<string> IgnoredAttributes);

/// <summary>User ids from the first to the last.</summary>
public readonly record struct UserRange(uint First, uint Last);
