using System.Diagnostics;
using System.Text;
using Firn.Evaluation.Host;

namespace Firn.Sessions.Profiling;

/// <summary>Looks at times which calls are going on: what is seen often takes long.</summary>
/// <param name="frequency">How many looks a second; 0 looks at each call.</param>
public sealed class CallProfile(int frequency) : ICallObserver
{
    private readonly TimeSpan _period = frequency > 0 ? TimeSpan.FromSeconds(1.0 / frequency) : TimeSpan.Zero;
    private readonly List<ObservedCall> _open = [];
    private readonly Dictionary<(ulong Function, int Position), string> _names = [];
    private readonly OrderedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>What was seen, in the order in which it was first: calls from the outermost to the innermost, joined by semicolons, and how often.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Enter(in ObservedCall call)
    {
        _open.Add(call);
        if (frequency == 0 || Stopwatch.GetElapsedTime(_last) > _period)
        {
            Look();
            _last = Stopwatch.GetTimestamp();
        }
    }

    public void Exit() => _open.RemoveAt(_open.Count - 1);

    /// <summary>Returns the text that flame graph tools read: a line for each stack that was seen.</summary>
    public string ToFoldedStacks()
    {
        var text = new StringBuilder();
        foreach (var (stack, count) in _counts)
        {
            text.Append(stack).Append(' ').Append(count).Append('\n');
        }

        return text.ToString();
    }

    private void Look()
    {
        var stack = new StringBuilder();
        foreach (var call in _open)
        {
            stack.Append(stack.Length > 0 ? ";" : "").Append(NameOf(call));
        }

        var key = stack.ToString();
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }

    // Of derivations each has its own name, so what is known of one call of the builtin is not true of the next.
    private string NameOf(ObservedCall call)
    {
        if (_names.TryGetValue(call.Key, out var known))
        {
            return known;
        }

        var name = call.ToString();
        return name.Contains("primop derivationStrict", StringComparison.Ordinal) ? name : _names[call.Key] = name;
    }
}
