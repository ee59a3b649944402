namespace Firn.CacheServer.Chunking;

/// <summary>Finds where a chunk ends, by a rolling sum over the last 64 bytes (FastCDC with normalised sizes).</summary>
public static class ContentCut
{
    /// <summary>No chunk but the last is smaller.</summary>
    public const int Min = 16 * 1024;

    /// <summary>Chunks are about that large.</summary>
    public const int Average = 64 * 1024;

    /// <summary>No chunk is larger.</summary>
    public const int Max = 256 * 1024;

    // Before the average a cut is four times as rare as once in 64 Ki bytes, after it four times as frequent: sizes stay
    // close to the average. The upper bits depend on all of the last 64 bytes.
    private const ulong RareMask = 0xffff_c000_0000_0000;
    private const ulong FrequentMask = 0xfffc_0000_0000_0000;

    private static readonly ulong[] _gear = MakeGear();

    /// <summary>Returns the length of the first chunk of <paramref name="data"/>, which must hold <see cref="Max"/> bytes or all that are left.</summary>
    public static int Find(ReadOnlySpan<byte> data)
    {
        if (data.Length <= Min)
        {
            return data.Length;
        }

        var end = Math.Min(data.Length, Max);
        var middle = Math.Min(end, Average);
        ReadOnlySpan<ulong> gear = _gear;
        var sum = 0UL;
        var at = Min;
        for (; at < middle; at++)
        {
            sum = (sum << 1) + gear[data[at]];
            if ((sum & RareMask) == 0)
            {
                return at + 1;
            }
        }

        for (; at < end; at++)
        {
            sum = (sum << 1) + gear[data[at]];
            if ((sum & FrequentMask) == 0)
            {
                return at + 1;
            }
        }

        return end;
    }

    // 256 numbers without pattern (SplitMix64 from 0); others would cut elsewhere, and nothing would be found again.
    private static ulong[] MakeGear()
    {
        var gear = new ulong[256];
        var state = 0UL;
        for (var i = 0; i < gear.Length; i++)
        {
            state += 0x9e37_79b9_7f4a_7c15;
            var mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58_476d_1ce4_e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
            gear[i] = mixed ^ (mixed >> 31);
        }

        return gear;
    }
}
