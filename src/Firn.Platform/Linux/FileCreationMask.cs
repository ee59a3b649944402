namespace Firn.Platform.Linux;

/// <summary>Which permissions this process's new files do not get.</summary>
public static class FileCreationMask
{
    /// <summary>What stores need: everybody may read what is in them, and nobody else may write.</summary>
    public const int ForStores = 0x12;

    /// <summary>Sets it for all threads, and returns what it was.</summary>
    public static int Replace(int mask) => (int)Processes.LibcProcesses.SetCreationMask((uint)mask);

    /// <summary>Reads it from <c>/proc</c>: the system call that returns it would change it for all threads.</summary>
    public static int Current
    {
        get
        {
            foreach (var line in System.IO.File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("Umask:", StringComparison.Ordinal))
                {
                    return Convert.ToInt32(line[6..].Trim(), 8);
                }
            }

            // Without /proc, expect the worst: the permissions are then set once more.
            return 0x1ff;
        }
    }
}
