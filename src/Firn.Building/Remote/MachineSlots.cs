using System.Text;
using Firn.Model.Hashing;
using Firn.Platform.Files;
using Firn.Platform.Locks;

namespace Firn.Building.Remote;

/// <summary>Counts what machines do for all processes here: a lock for each build, in the files that C++ Nix locks too.</summary>
/// <param name="folder">Where the locks are, such as <c>/nix/var/nix/current-load</c>.</param>
public sealed class MachineSlots(string folder)
{
    private const int MaxName = 200;

    /// <summary>Takes a slot of the best machine; null when all are busy.</summary>
    public (Machine Machine, IDisposable Slot)? TryTake(IReadOnlyCollection<Machine> machines)
    {
        FilePath.CreateDirectories(folder);
        using var main = LockFile.Acquire($"{folder}/main-lock", () => { });
        var free = new Dictionary<Machine, IDisposable>(ReferenceEqualityComparer.Instance);
        try
        {
            var loads = machines.Select(machine => (machine, Load: Count(machine, free))).ToList();
            if (MachinePlanner.Choose(loads) is not { } best)
            {
                return null;
            }

            free.Remove(best, out var slot);
            return (best, slot!);
        }
        finally
        {
            foreach (var slot in free.Values)
            {
                slot.Dispose();
            }
        }
    }

    /// <summary>Waits until nobody else uploads to a machine: two uploads of the same closure would send it twice.</summary>
    public IDisposable LockUpload(Machine machine, CancellationToken cancellation)
    {
        while (true)
        {
            if (LockFile.Acquire($"{folder}/{Name(machine)}.upload-lock", null) is { } held)
            {
                return held;
            }

            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(50));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private int Count(Machine machine, Dictionary<Machine, IDisposable> free)
    {
        var load = 0;
        for (var slot = 0; slot < machine.MaxJobs; slot++)
        {
            if (LockFile.Acquire($"{folder}/{Name(machine)}-{slot}", null) is not { } held)
            {
                load++;
            }
            else if (!free.TryAdd(machine, held))
            {
                held.Dispose();
            }
        }

        return load;
    }

    private static string Name(Machine machine)
    {
        var name = machine.Uri.Replace('/', '_');
        return Encoding.UTF8.GetByteCount(name) <= MaxName ? name : Hash.Sha256(Encoding.UTF8.GetBytes(name)).Digest(HashFormat.Nix32);
    }
}
