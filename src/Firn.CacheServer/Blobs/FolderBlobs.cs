using Microsoft.Win32.SafeHandles;

namespace Firn.CacheServer.Blobs;

/// <summary>Blobs as files of a folder.</summary>
public sealed class FolderBlobs : IBlobs
{
    private readonly string _folder;
    private readonly string _unfinished;

    public FolderBlobs(string folder)
    {
        (_folder, _unfinished) = (folder, $"{folder}/unfinished");
        PrivateFiles.EnsureFolder(folder);
        Directory.CreateDirectory(_unfinished);
    }

    public IBlobWriter Create() => new Writer(this, $"{Guid.NewGuid():n}");

    public IBlob? Open(string name)
    {
        try
        {
            return new FileBlob(File.OpenHandle(Locate(name)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Remove(string name) => File.Delete(Locate(name));

    public IEnumerable<(string Name, DateTimeOffset Written)> List()
    {
        foreach (var file in Directory.EnumerateFiles(_unfinished))
        {
            RemoveIfAbandoned(file);
        }

        return Directory.EnumerateDirectories(_folder)
            .Where(d => d != _unfinished)
            .SelectMany(Directory.EnumerateFiles)
            .Select(f => (Path.GetFileName(f), new DateTimeOffset(File.GetLastWriteTimeUtc(f))));
    }

    // Two digits of folders: no directory gets so large that looking a file up takes long.
    private string Locate(string name) => $"{_folder}/{name[..2]}/{name}";

    private static void RemoveIfAbandoned(string file)
    {
        try
        {
            // Whoever writes it holds a lock on it, which the kernel gives up with the process.
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            File.Delete(file);
        }
        catch (IOException)
        {
            // It is being written.
        }
    }

    private sealed class FileBlob(SafeFileHandle file) : IBlob
    {
        public SafeFileHandle File => file;

        public long Length => RandomAccess.GetLength(file);

        public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(file, buffer, offset);

        public void Dispose() => file.Dispose();
    }

    private sealed class Writer : IBlobWriter
    {
        private const int BufferSize = 256 * 1024;

        private readonly FolderBlobs _owner;
        private readonly string _temporary;
        private readonly FileStream _file;
        private bool _isCommitted;

        public Writer(FolderBlobs owner, string name)
        {
            (_owner, Name, _temporary) = (owner, name, $"{owner._unfinished}/{name}");
            _file = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
        }

        public string Name { get; }

        public long Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            _file.Write(bytes);
            Length += bytes.Length;
        }

        public void Commit()
        {
            _file.Flush(flushToDisk: true);
            var target = _owner.Locate(Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(_temporary, target);
            _isCommitted = true;
            _file.Dispose();
        }

        public void Dispose()
        {
            if (!_isCommitted)
            {
                File.Delete(_temporary);
                _file.Dispose();
            }
        }
    }
}
