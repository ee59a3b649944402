using System.Net.Sockets;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Locks;

namespace Firn.Store.Local.Rooting;

/// <summary>Keeps objects alive for this process: in a file that it holds locked, and by telling a collector that runs.</summary>
/// <remarks>The protocol is C++ Nix's, whose collector reads our files and whose processes read ours.</remarks>
internal sealed class TemporaryRoots(StoreLayout layout, bool isReadOnly, IMessageLog log) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path = $"{layout.TemporaryRootsDirectory}/{Environment.ProcessId}";
    private readonly HashSet<StorePath> _known = [];
    private FileHandle? _file;
    private FileHandle? _gcLock;
    private Socket? _collector;

    internal void Add(IEnumerable<StorePath> paths)
    {
        if (isReadOnly)
        {
            // Nothing can be written, and nobody collects there.
            return;
        }

        lock (_lock)
        {
            var added = paths.Where(p => !_known.Contains(p)).ToList();
            if (added.Count == 0)
            {
                return;
            }

            _file ??= CreateFile();
            _gcLock ??= FileHandle.OpenOrCreate($"{layout.StateDirectory}/gc.lock", 0x180);
            // Written before a collector that runs is told, not after: the next one may begin, and read the file, in between.
            WriteFile(added);
            while (!IsNobodyCollecting() && !TryTellCollector(added))
            {
                // The one that ran has ended; look again.
            }

            _known.UnionWith(added);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _collector?.Dispose();
            _gcLock?.Dispose();
            if (_file is not null)
            {
                _file.Dispose();
                FilePath.TryRemove(_path);
            }
        }
    }

    private FileHandle CreateFile()
    {
        while (true)
        {
            // One that is there already is stale: no two processes have the same number.
            FilePath.TryRemove(_path);
            var file = FileHandle.OpenOrCreate(_path, 0x180);
            FileLock.Lock(file.Descriptor, LockKind.Exclusive);
            if (file.Status().Size == 0)
            {
                return file;
            }

            // A collector removed it before we had the lock.
            file.Dispose();
        }
    }

    private void WriteFile(List<StorePath> paths) =>
        _file!.Write(Encoding.UTF8.GetBytes(string.Concat(paths.Select(p => layout.Directory.Absolute(p) + "\0"))));

    /// <summary>Tells whether no collector runs: the next one will read the file.</summary>
    private bool IsNobodyCollecting()
    {
        if (!FileLock.TryLock(_gcLock!.Descriptor, LockKind.Shared))
        {
            return false;
        }

        FileLock.Unlock(_gcLock.Descriptor);
        return true;
    }

    private bool TryTellCollector(List<StorePath> paths)
    {
        _collector ??= UnixSocket.TryConnect(layout.GcSocket);
        if (_collector is null)
        {
            // It may just have ended, or not be listening yet.
            log.Write(Verbosity.Debug, $"nobody listens at '{layout.GcSocket}'; trying again");
            Thread.Sleep(20);
            return false;
        }

        try
        {
            Span<byte> answer = stackalloc byte[1];
            foreach (var path in paths)
            {
                log.Write(Verbosity.Debug, $"sending GC root '{layout.Directory.Absolute(path)}'");
                var message = Encoding.UTF8.GetBytes(layout.Directory.Absolute(path) + "\n").AsSpan();
                while (!message.IsEmpty)
                {
                    message = message[_collector.Send(message)..];
                }

                if (_collector.Receive(answer) == 0)
                {
                    throw new SocketException((int)SocketError.ConnectionReset);
                }
            }

            return true;
        }
        catch (SocketException)
        {
            // The collector has ended: perhaps the lock is free now.
            _collector.Dispose();
            _collector = null;
            return false;
        }
    }
}
