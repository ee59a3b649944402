namespace Firn.Building.Running;

/// <summary>Whether a failure may be due to a full disk; nobody is told which call failed inside a build.</summary>
internal static class DiskSpace
{
    private const long NearlyNothing = 8 * 1024 * 1024;

    public static bool IsFull(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace < NearlyNothing;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
