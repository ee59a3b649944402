using System.Text;
using Firn.CacheServer.Http;

namespace Firn.Fuzz.Targets;

/// <summary>What clients say to the cache server: each line is the target of a request and three headers; none leads out of the cache.</summary>
internal sealed class CacheRequestTarget : IFuzzTarget
{
    public string Name => "cache-request";

    public void Check(byte[] input)
    {
        foreach (var line in Encoding.Latin1.GetString(input).Split('\n'))
        {
            var parts = line.Split('\t');
            var target = CacheAddress.Parse(parts[0])?.Target;
            var name = target switch
            {
                CacheTarget.Nar nar => nar.File,
                CacheTarget.Extra extra => extra.Name[(extra.Name.IndexOf('/') + 1)..],
                CacheTarget.Realisation realisation => realisation.Id,
                CacheTarget.Action action => action.Argument,
                _ => "",
            };
            Assert.DoesNotContain('/', name);
            Assert.NotEqual("..", name);
            Assert.True(name.All(c => c is > ' ' and < '\x7f'));
            if (parts.Length > 1 && ByteRange.Parse(parts[1], 1000) is ByteRange.Part part)
            {
                Assert.InRange(part.First, 0, 999);
                Assert.InRange(part.Count, 1, 1000 - part.First);
            }

            if (parts.Length > 2)
            {
                Preconditions.Names(parts[2], "\"tag\"");
            }

            if (parts.Length > 3)
            {
                Credentials.TokenOf(parts[3]);
            }
        }
    }
}
