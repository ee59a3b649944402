using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>Reads and writes whole files.</summary>
public static class FileContent
{
    /// <summary>Reads a file that fits into memory.</summary>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    public static byte[] ReadAll(string path)
    {
        using var file = FileHandle.OpenRead(path);
        var size = file.Status() is { IsRegular: true } status ? status.Size : 0;
        var buffer = new byte[size];
        var length = 0;
        while (length < size)
        {
            var count = file.Read(buffer.AsSpan(length));
            if (count == 0)
            {
                break;
            }

            length += count;
        }

        // Files in /proc and pipes say that they have no bytes, and any file may have grown.
        Span<byte> more = stackalloc byte[64];
        var read = length < size ? 0 : file.Read(more);
        if (read == 0)
        {
            Array.Resize(ref buffer, length);
            return buffer;
        }

        Array.Resize(ref buffer, Math.Max(4096, length * 2));
        more[..read].CopyTo(buffer.AsSpan(length));
        length += read;
        while (true)
        {
            var count = file.Read(buffer.AsSpan(length));
            if (count == 0)
            {
                Array.Resize(ref buffer, length);
                return buffer;
            }

            length += count;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    /// <summary>Writes a file so that there is always the old content or the new.</summary>
    public static void Replace(string path, byte[] content, int mode, bool sync) => Replace(path, [content], mode, sync);

    /// <summary>Writes a file, given in pieces, so that there is always the old content or the new.</summary>
    public static void Replace(string path, IEnumerable<ReadOnlyMemory<byte>> pieces, int mode, bool sync)
    {
        var temporary = $"{path}.tmp-{Environment.ProcessId}-{Guid.NewGuid():n}";
        try
        {
            using (var file = FileHandle.CreateNew(temporary, mode))
            {
                foreach (var piece in pieces)
                {
                    file.Write(piece.Span);
                }

                if (sync)
                {
                    file.Sync();
                }
            }

            FilePath.Rename(temporary, path);
        }
        catch
        {
            FilePath.TryRemove(temporary);
            throw;
        }
    }
}
