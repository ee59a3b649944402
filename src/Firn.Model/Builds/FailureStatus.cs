namespace Firn.Model.Builds;

/// <summary>Sums up failures in the status that a process ends with.</summary>
/// <remarks>Bits on 96: 4 a build failed, 1 by a timeout, 2 by a hash that was not the one written down; 8 it was not deterministic.</remarks>
public static class FailureStatus
{
    /// <summary>Returns the status for builds that ended so; 1 when there was another kind of failure only.</summary>
    public static int Of(IEnumerable<BuildStatus> failures)
    {
        var mask = 0;
        foreach (var failure in failures)
        {
            mask |= failure switch
            {
                BuildStatus.TimedOut => 0b1100101,
                BuildStatus.HashMismatch => 0b1100110,
                BuildStatus.NotDeterministic => 0b1101000,
                BuildStatus.PermanentFailure or BuildStatus.InputRejected => 0b1100100,
                _ => 0,
            };
        }

        return mask == 0 ? 1 : mask;
    }
}
