using Firn.CacheServer.Ingesting;

namespace Firn.Fuzz.Targets;

/// <summary>Uploaded chunks: any bytes are chunks, or one error; what is decompressed has the size that was announced.</summary>
internal sealed class CacheUploadTarget : IFuzzTarget, IDisposable
{
    private readonly ChunkFrames _frames = new();

    public string Name => "cache-upload";

    public void Check(byte[] input)
    {
        try
        {
            foreach (var chunk in ChunkMessage.Read(new MemoryStream(input)))
            {
                Assert.Equal(chunk.Size, _frames.Decompress(chunk.Frame.Span, chunk.Size).Length);
            }
        }
        catch (InvalidDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    public void Dispose() => _frames.Dispose();
}
