namespace Firn.Transfers;

/// <summary>Holds a transfer to so many kilobytes a second; 0 means as many as there are.</summary>
internal sealed class SpeedLimit(long kilobytesPerSecond)
{
    private readonly long _start = Environment.TickCount64;
    private long _spent;

    internal void Spend(int bytes)
    {
        if (kilobytesPerSecond <= 0)
        {
            return;
        }

        _spent += bytes;
        var ahead = (_spent * 1000 / (kilobytesPerSecond * 1024)) - (Environment.TickCount64 - _start);
        if (ahead > 0)
        {
            Thread.Sleep((int)Math.Min(ahead, 1000));
        }
    }
}
