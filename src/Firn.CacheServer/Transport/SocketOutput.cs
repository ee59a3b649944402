using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Firn.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Firn.CacheServer.Transport;

/// <summary>Writes to a socket; for stretches of files it only counts, and has the kernel send them.</summary>
/// <remarks>Kestrel counts the bytes of a response that pass through its writer. For a file the writer is given memory
/// whose content nobody reads; when it is flushed, the file's bytes go out in their place.</remarks>
internal sealed class SocketOutput(Socket socket) : PipeWriter
{
    private const int FirstSize = 16 * 1024;
    private const int PlaceholderSize = 1 << 20;
    private const int PieceSize = 4096;

    // Handed out in place of a file's content and never read.
    private static readonly byte[] _placeholder = GC.AllocateUninitializedArray<byte>(PlaceholderSize);

    private byte[] _buffer = [];
    private int _used;
    private SafeFileHandle? _file;
    private long _fileOffset;
    private long _filePending;
    private bool _isCompleted;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _used + _filePending;

    /// <summary>What is advanced over from now on is taken from <paramref name="file"/>, and follows what was written before.</summary>
    public void BeginFile(SafeFileHandle file, long offset) => (_file, _fileOffset, _filePending) = (file, offset, 0);

    /// <summary>Memory is memory again; the file's bytes must have been flushed.</summary>
    public void EndFile() => _file = null;

    public override void Advance(int bytes)
    {
        if (_file is null)
        {
            _used += bytes;
        }
        else
        {
            _filePending += bytes;
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_file is not null)
        {
            return _placeholder;
        }

        var wanted = Math.Max(sizeHint, 256);
        if (_buffer.Length - _used < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(FirstSize, _buffer.Length * 2), _used + wanted));
            _buffer.AsSpan(0, _used).CopyTo(larger);
            Return(ref _buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            // Headers leave in one packet with the start of the file: a client that gets them alone wakes up twice.
            for (var sent = _filePending > 0 && _used > 0 ? KernelCopy.SendAhead(socket.SafeHandle, _buffer.AsSpan(0, _used)) : 0; sent < _used;)
            {
                sent += await socket.SendAsync(_buffer.AsMemory(sent, _used - sent), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            }

            _used = 0;
            Return(ref _buffer);
            if (_filePending > 0)
            {
                await SendFileAsync().ConfigureAwait(false);
            }

            return new FlushResult(isCanceled: false, isCompleted: _isCompleted);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or SystemCallException)
        {
            // Nobody reads any more: what is written from now on is lost, and that is no fault.
            (_used, _filePending) = (0, 0);
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
    }

    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        Return(ref _buffer);
        _used = 0;
    }

    public override void CancelPendingFlush() { }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = [];
    }

    private async Task SendFileAsync()
    {
        byte[]? piece = null;
        try
        {
            while (_filePending > 0)
            {
                var sent = KernelCopy.SendFile(socket.SafeHandle, _file!, _fileOffset, Math.Min(_filePending, 1 << 30));
                if (sent == 0)
                {
                    // The socket is full. Sending one piece by hand waits until it is not, and holds no thread meanwhile.
                    piece ??= ArrayPool<byte>.Shared.Rent(PieceSize);
                    var read = RandomAccess.Read(_file!, piece.AsSpan(0, (int)Math.Min(PieceSize, _filePending)), _fileOffset);
                    sent = read == 0 ? -1 : await socket.SendAsync(piece.AsMemory(0, read), SocketFlags.None).ConfigureAwait(false);
                }

                if (sent < 0)
                {
                    throw new IOException("a file is shorter than what is to be sent of it");
                }

                _fileOffset += sent;
                _filePending -= sent;
            }
        }
        finally
        {
            if (piece is not null)
            {
                ArrayPool<byte>.Shared.Return(piece);
            }
        }
    }
}
