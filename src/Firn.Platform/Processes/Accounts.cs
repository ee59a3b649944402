using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Firn.Platform.Processes;

/// <summary>The users and groups that this machine knows.</summary>
public static unsafe partial class Accounts
{
    // The C library keeps the answer in a place of its own.
    private static readonly Lock _asking = new();

    /// <summary>Returns a group and the names of its members, or null.</summary>
    public static (uint Id, ImmutableArray<string> Members)? FindGroup(string name)
    {
        lock (_asking)
        {
            var group = GetGroup(name);
            if (group == null)
            {
                return null;
            }

            var members = ImmutableArray.CreateBuilder<string>();
            for (var member = group->Members; *member != null; member++)
            {
                members.Add(Marshal.PtrToStringUTF8((nint)(*member))!);
            }

            return (group->Id, members.ToImmutable());
        }
    }

    /// <summary>Returns a user's number and the groups it is in, or null.</summary>
    public static (uint Id, ImmutableArray<uint> Groups)? FindUser(string name)
    {
        lock (_asking)
        {
            var user = GetUser(name);
            if (user == null)
            {
                return null;
            }

            var (id, first) = (user->Id, user->Group);
            var groups = new uint[256];
            var count = groups.Length;
            fixed (uint* place = groups)
            {
                if (GetGroups(name, first, place, ref count) < 0)
                {
                    throw ProcessException.OfLast($"listing the groups of user '{name}'");
                }
            }

            return (id, [.. groups.AsSpan(0, count)]);
        }
    }

    /// <summary>Returns the name of a user, or null.</summary>
    public static string? FindUserName(uint id)
    {
        lock (_asking)
        {
            var user = GetUser(id);
            return user == null ? null : Marshal.PtrToStringUTF8((nint)user->Name);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Group
    {
        public byte* Name;
        public byte* Password;
        public uint Id;
        public byte** Members;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct User
    {
        public byte* Name;
        public byte* Password;
        public uint Id;
        public uint Group;
    }

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial Group* GetGroup(string name);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial User* GetUser(string name);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial User* GetUser(uint id);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int GetGroups(string name, uint first, uint* groups, ref int count);
}
