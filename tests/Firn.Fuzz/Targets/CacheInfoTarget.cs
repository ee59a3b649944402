using System.Text;
using Firn.Store.BinaryCache;

namespace Firn.Fuzz.Targets;

/// <summary>The reader of what caches say of themselves: any text says something.</summary>
internal sealed class CacheInfoTarget : IFuzzTarget
{
    public string Name => "cacheinfo";

    public void Check(byte[] input) => Assert.NotNull(CacheInfo.Parse(Encoding.UTF8.GetString(input)).StoreDirectory);
}
