using Firn.Model.Diagnostics;

namespace Firn.Fuzz.Targets;

/// <summary>Any reader: whatever the bytes, it reads them or ends in an error of ours, and takes no more memory than it may.</summary>
internal sealed class ReaderTarget(string name, Action<byte[]> read) : IFuzzTarget
{
    private const long MaxMemory = 512 * 1024 * 1024;

    public string Name => name;

    public void Check(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(input);
        }
        catch (FirnException e)
        {
            Assert.NotEmpty(e.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxMemory);
    }
}
