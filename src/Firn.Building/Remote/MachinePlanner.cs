namespace Firn.Building.Remote;

/// <summary>Decides which of the machines that have room gets a build.</summary>
public static class MachinePlanner
{
    /// <summary>Returns the best machine, or null when none has room: the one with the least to do for its speed, then the faster one.</summary>
    /// <param name="machines">The machines that can build it, each with how much it does now.</param>
    public static Machine? Choose(IEnumerable<(Machine Machine, int Load)> machines) => machines
        .Where(m => m.Load < m.Machine.MaxJobs)
        .OrderBy(m => m.Load / m.Machine.SpeedFactor).ThenByDescending(m => m.Machine.SpeedFactor).ThenBy(m => m.Load)
        .Select(m => m.Machine).FirstOrDefault();
}
