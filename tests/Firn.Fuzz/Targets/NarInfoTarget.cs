using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Fuzz.Targets;

/// <summary>The reader of narinfo files: any text is one, which comes back from what is written of it, or one error.</summary>
internal sealed class NarInfoTarget : IFuzzTarget
{
    public string Name => "narinfo";

    public void Check(byte[] input)
    {
        NarInfo narInfo;
        try
        {
            narInfo = NarInfoText.Read(Encoding.UTF8.GetString(input), StoreDirectory.Default, "x.narinfo");
        }
        catch (InvalidFormatException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        var written = NarInfoText.Write(narInfo, StoreDirectory.Default);
        Assert.Equal(written, NarInfoText.Write(NarInfoText.Read(written, StoreDirectory.Default, "x.narinfo"), StoreDirectory.Default));
    }
}
