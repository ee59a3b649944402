using System.Text;
using Firn.Model.StorePaths;
using Firn.Platform.Files;

namespace Firn.Store.Local.Verifying;

/// <summary>Reads a store round and round, slowly; where it is at is remembered beside the database.</summary>
/// <param name="store">The store.</param>
/// <param name="bytesPerSecond">How much to read on average.</param>
/// <param name="time">The clock.</param>
public sealed class ContinuousScan(LocalStore store, long bytesPerSecond, TimeProvider time)
{
    private static readonly TimeSpan _whenEmpty = TimeSpan.FromMinutes(1);

    private readonly IntegrityScanner _scanner = new(store);

    private string PlaceFile => $"{store.Layout.StateDirectory}/scan-place";

    /// <summary>Reads on from where the last scan ended.</summary>
    /// <param name="found">Is told of each finding.</param>
    /// <param name="roundDone">Is told how many objects each round had; false ends the scan.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public void Run(Action<Finding> found, Func<int, bool> roundDone, CancellationToken cancellationToken)
    {
        var isRunning = true;
        while (isRunning)
        {
            var place = ReadPlace();
            var count = 0;
            foreach (var path in store.ListAll().Where(p => string.CompareOrdinal(p.ToString(), place) > 0).ToList())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var started = time.GetTimestamp();
                foreach (var finding in _scanner.Scan(path))
                {
                    found(finding);
                }

                count++;
                FileContent.Replace(PlaceFile, Encoding.ASCII.GetBytes(path.ToString()), 0x1a4, sync: false);
                Rest(path, time.GetElapsedTime(started), cancellationToken);
            }

            FilePath.TryRemove(PlaceFile);
            isRunning = roundDone(count);
            if (isRunning && count == 0)
            {
                cancellationToken.WaitHandle.WaitOne(_whenEmpty);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private string ReadPlace()
    {
        var place = PathStatus.Exists(PlaceFile) ? Encoding.UTF8.GetString(FileContent.ReadAll(PlaceFile)) : "";
        return StorePath.TryParse(place, out _) ? place : "";
    }

    private void Rest(StorePath path, TimeSpan took, CancellationToken cancellationToken)
    {
        var size = store.Find(path)?.NarSize ?? 0;
        var pause = TimeSpan.FromSeconds((double)size / bytesPerSecond) - took;
        if (pause > TimeSpan.Zero)
        {
            cancellationToken.WaitHandle.WaitOne(pause);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
