using Firn.Model.Diagnostics;
using Firn.Platform.Files;

namespace Firn.Sessions.ResultCache;

/// <summary>Keeps entries as files, each under its question's hash; the ones not used for longest go first.</summary>
/// <remarks>
/// A file appears whole or not at all, so that writers need no lock and a crash leaves nothing half done; one that the
/// disk lost a part of fails its checksum. What cannot be read or written is as good as not there.
/// </remarks>
internal sealed class AnswerFolder(string folder, TimeProvider time)
{
    private const int PrivateFile = 0x180;
    private const string TemporaryMark = ".tmp-";

    private static readonly TimeSpan _abandoned = TimeSpan.FromHours(1);

    /// <summary>How many bytes all entries together may have.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>How many entries there may be.</summary>
    public int MaxEntries { get; init; } = 1000;

    /// <summary>Returns the entry under a key, or null.</summary>
    public Entry? Find(string key) => Guard(() =>
    {
        var path = $"{folder}/{key}";
        if (!File.Exists(path))
        {
            return null;
        }

        var entry = EntryForm.Read(FileContent.ReadAll(path));
        if (entry is not null)
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }

        return entry;
    });

    /// <summary>Keeps an entry, in place of the one under the same key.</summary>
    public void Put(string key, Entry entry) => Guard(() =>
    {
        var content = EntryForm.Write(entry);
        if (content.Sum(piece => (long)piece.Length) <= MaxBytes)
        {
            FilePath.CreateDirectories(folder);
            FileContent.Replace($"{folder}/{key}", content, PrivateFile, sync: false);
            Bound();
        }

        return entry;
    });

    private void Bound()
    {
        var files = new DirectoryInfo(folder).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).ToList();
        var bytes = 0L;
        var entries = 0;
        foreach (var file in files)
        {
            bytes += file.Length;
            var isTemporary = file.Name.Contains(TemporaryMark, StringComparison.Ordinal);
            if (isTemporary ? file.LastWriteTimeUtc + _abandoned < time.GetUtcNow().UtcDateTime : bytes > MaxBytes || ++entries > MaxEntries)
            {
                FilePath.TryRemove(file.FullName);
            }
        }
    }

    private static Entry? Guard(Func<Entry?> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is FirnException or IOException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            return null;
        }
    }
}
