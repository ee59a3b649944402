using System.Buffers;
using Firn.CacheServer.Chunking;
using Firn.CacheServer.Ingesting;
using Firn.Model.Hashing;

namespace Firn.CacheServer.Pushing;

/// <summary>Uploads one NAR as it is written: of every few megabytes, the chunks that the cache does not have.</summary>
/// <remarks>What was uploaded before a failure is there at the next attempt: that is how uploads resume.</remarks>
internal sealed class NarUploader : IDisposable
{
    private const int WindowSize = 4 << 20;
    private const int BufferSize = WindowSize + ContentCut.Max;

    private readonly CacheClient _client;
    private readonly Chunker _chunker;
    private readonly ChunkFrames _frames = new();
    private readonly List<string> _all = [];
    private readonly Dictionary<string, (int Start, int Length)> _window = new(StringComparer.Ordinal);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(BufferSize);
    private byte[] _message = ArrayPool<byte>.Shared.Rent(BufferSize + ContentCut.Max);
    private int _filled;

    public NarUploader(CacheClient client)
    {
        _client = client;
        _chunker = new Chunker(Take);
    }

    /// <summary>Where the NAR is to be written.</summary>
    public Stream Input => _chunker;

    /// <summary>How many bytes of frames were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Uploads what is left, and returns where the NAR is in the cache.</summary>
    public string Finish(Hash narHash)
    {
        _chunker.Finish();
        SendWindow();
        return _client.PutNar(narHash, _all);
    }

    public void Dispose()
    {
        _chunker.Dispose();
        _frames.Dispose();
        Return(ref _bytes);
        Return(ref _message);
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = [];
    }

    private void Take(ReadOnlySpan<byte> chunk)
    {
        var hash = ChunkFrames.HashOf(chunk);
        _all.Add(hash);
        if (_window.TryAdd(hash, (_filled, chunk.Length)))
        {
            chunk.CopyTo(_bytes.AsSpan(_filled));
            _filled += chunk.Length;
        }

        if (_filled >= WindowSize)
        {
            SendWindow();
        }
    }

    private void SendWindow()
    {
        if (_window.Count == 0)
        {
            return;
        }

        var missing = _client.FindMissingChunks(_window.Keys);
        if (missing.Count > 0)
        {
            // Noise gets larger by compression, but by less than the room of one chunk.
            using var message = new MemoryStream(_message);
            foreach (var (hash, (start, length)) in _window.Where(c => missing.Contains(c.Key)))
            {
                ChunkMessage.Write(message, new ChunkFrame(hash, _frames.Compress(_bytes.AsSpan(start, length)), length));
            }

            _client.PutChunks(_message, (int)message.Position);
            Sent += message.Position;
        }

        _window.Clear();
        _filled = 0;
    }
}
