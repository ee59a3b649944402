using Firn.Archive.Nars;

namespace Firn.Fuzz.Targets;

/// <summary>The reader of archives: any bytes are an archive, which is written again as it was read, or one error.</summary>
internal sealed class NarTarget : IFuzzTarget
{
    public string Name => "nar";

    public void Check(byte[] input)
    {
        var output = new MemoryStream();
        var stream = new MemoryStream(input);
        try
        {
            NarReader.Copy(stream, output);
        }
        catch (NarException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        Assert.Equal(input.AsSpan(0, (int)stream.Position).ToArray(), output.ToArray());
    }
}
