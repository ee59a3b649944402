using System.Buffers;
using System.Globalization;
using System.Text;
using Firn.Model.Text;

namespace Firn.Sandbox;

/// <summary>How bubblewrap has to make a build's world.</summary>
public static class BubblewrapArguments
{
    /// <summary>Writes the arguments in the form that <c>--args</c> reads: each with a NUL behind it.</summary>
    public static byte[] Write(SandboxPlan plan)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        void Add(params ReadOnlySpan<string> arguments)
        {
            foreach (var argument in arguments)
            {
                Encoding.UTF8.GetBytes(argument, output);
                output.Write("\0"u8);
            }
        }

        // The builder is process 1: when it ends, the kernel ends all others before anybody hears of it.
        Add("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--as-pid-1");
        Add("--die-with-parent");
        if (plan.HasOwnSession)
        {
            Add("--new-session");
        }

        if (!plan.HasNetwork)
        {
            Add("--unshare-net");
        }

        Add("--uid", plan.User.ToString(CultureInfo.InvariantCulture), "--gid", plan.Group.ToString(CultureInfo.InvariantCulture));
        Add("--hostname", "localhost");
        Add("--bind", plan.Root, "/", "--proc", "/proc");
        if (plan.HasOwnDevices)
        {
            Add("--dev", "/dev", "--perms", "1777");
            if (plan.SharedMemorySize is { } size)
            {
                Add("--size", size.ToString(CultureInfo.InvariantCulture));
            }

            Add("--tmpfs", "/dev/shm");
        }

        foreach (var mount in plan.Mounts)
        {
            Add(mount.Kind switch { MountKind.ReadOnly => "--ro-bind", MountKind.Device => "--dev-bind", _ => "--bind" });
            Add(mount.Source, mount.Target);
        }

        Add("--chdir", plan.Directory);
        foreach (var (name, value) in plan.Variables)
        {
            // A name with "=" in it ends there, as it would in any process's environment.
            var mark = name.Span.IndexOf((byte)'=');
            if (name.Length == 0 || mark == 0)
            {
                continue;
            }

            Add("--setenv");
            output.Write(mark < 0 ? name.Span : name.Span[..mark]);
            output.Write("\0"u8);
            if (mark > 0)
            {
                output.Write(name.Span[(mark + 1)..]);
                output.Write("="u8);
            }

            output.Write(value.Span);
            output.Write("\0"u8);
        }

        return output.WrittenSpan.ToArray();
    }
}

/// <summary>What a build's world is made of.</summary>
public sealed record SandboxPlan
{
    /// <summary>The directory that is its root.</summary>
    public required string Root { get; init; }

    /// <summary>Who the builder seems to be.</summary>
    public uint User { get; init; } = 1000;

    public uint Group { get; init; } = 100;

    public required bool HasNetwork { get; init; }

    /// <summary>Whether it is cut off from our terminal.</summary>
    public bool HasOwnSession { get; init; } = true;

    /// <summary>Whether it gets a small <c>/dev</c> of its own.</summary>
    public bool HasOwnDevices { get; init; } = true;

    /// <summary>How large <c>/dev/shm</c> may get; null for half of the memory.</summary>
    public long? SharedMemorySize { get; init; }

    /// <summary>What else it sees, outer paths before inner ones.</summary>
    public required IReadOnlyList<SandboxMount> Mounts { get; init; }

    /// <summary>Where the builder starts.</summary>
    public required string Directory { get; init; }

    public required IReadOnlyDictionary<ByteString, ByteString> Variables { get; init; }
}

/// <summary>A path of this machine at a place in the sandbox.</summary>
public sealed record SandboxMount(string Source, string Target, MountKind Kind);

/// <summary>What can be done with what is mounted.</summary>
public enum MountKind
{
    /// <summary>All that permissions allow.</summary>
    Plain,

    /// <summary>Read.</summary>
    ReadOnly,

    /// <summary>Use as a device.</summary>
    Device,
}
