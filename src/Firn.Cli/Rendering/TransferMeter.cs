using System.Globalization;

namespace Firn.Cli.Rendering;

/// <summary>Adds all transfers up: how much has come, how fast it comes, and how long the rest takes.</summary>
internal sealed class TransferMeter(TimeProvider time)
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(4);

    private readonly Dictionary<ulong, (long Done, long Expected)> _running = [];
    private readonly Queue<(long Time, long Bytes)> _samples = new();
    private long _finished;
    private long _announced;

    /// <summary>How many go on.</summary>
    public int Running => _running.Count;

    private long Done => _finished + _running.Values.Sum(r => r.Done);

    public void Start(ulong activity) => _running[activity] = default;

    /// <summary>Notes how far one is; others than those begun are passed over.</summary>
    public void Report(ulong activity, long done, long expected)
    {
        if (_running.ContainsKey(activity))
        {
            _running[activity] = (done, expected);
        }
    }

    /// <summary>Notes how many bytes there are to come in all, done ones counting.</summary>
    public void Announce(long bytes) => _announced = bytes;

    public void Stop(ulong activity)
    {
        if (_running.Remove(activity, out var one))
        {
            _finished += one.Done;
        }
    }

    /// <summary>Says it in a few words; empty when nothing goes on.</summary>
    public string Describe()
    {
        var (now, done) = (time.GetTimestamp(), Done);
        _samples.Enqueue((now, done));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().Time, now) > _window)
        {
            _samples.Dequeue();
        }

        if (_running.Count == 0 || done == 0)
        {
            return "";
        }

        var total = Math.Max(_announced, _finished + _running.Values.Sum(r => Math.Max(r.Done, r.Expected)));
        var words = total > done ? $"{Number(done)}/{SizeText.Render(total)} fetched" : $"{SizeText.Render(done)} fetched";
        var (then, before) = _samples.Peek();
        var seconds = time.GetElapsedTime(then, now).TotalSeconds;
        if (seconds < 0.5 || done <= before)
        {
            return words;
        }

        var speed = (done - before) / seconds;
        words += $", {SizeText.Render((long)speed)}/s";
        return total > done ? string.Create(CultureInfo.InvariantCulture, $"{words}, {Duration((total - done) / speed)} left") : words;

        // In the unit of the total, which stands behind it.
        string Number(long bytes)
        {
            var unit = 1024.0;
            while (total / unit >= 1024)
            {
                unit *= 1024;
            }

            return (bytes / unit).ToString("F1", CultureInfo.InvariantCulture);
        }
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0}s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}m{(int)seconds % 60:00}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 3600}h{(int)seconds / 60 % 60:00}m"),
    };
}
