using System.Text;
using Firn.Evaluation;
using Firn.Model.Text.Json;

namespace Firn.Sessions;

/// <summary>What evaluation cost, as <c>NIX_SHOW_STATS</c> asks for it: JSON on standard error or in the file of <c>NIX_SHOW_STATS_PATH</c>.</summary>
/// <remarks>
/// The keys are those of C++ Nix, as far as the figures are known anyway. Counts of thunks, values and calls are left out:
/// to count them would slow down every evaluation, and what they would count is not what C++ Nix has.
/// </remarks>
internal static class EvaluationStatistics
{
    /// <summary>The variable that asks for it.</summary>
    public const string Wanted = "NIX_SHOW_STATS";
    private const string Place = "NIX_SHOW_STATS_PATH";
    private const int Indentation = 2;

    public static void PrintIfWanted(Evaluator eval, Func<string, string?> environment)
    {
        if ((environment(Wanted) ?? "0") == "0")
        {
            return;
        }

        byte[] text = [.. Write(eval), (byte)'\n'];
        if (environment(Place) is { } path && path != "-")
        {
            File.WriteAllBytes(path, text);
            return;
        }

        using var error = Console.OpenStandardError();
        error.Write(text);
    }

    private static byte[] Write(Evaluator eval)
    {
        var processor = Environment.CpuUsage.UserTime.TotalSeconds;
        var pauses = GC.GetTotalPauseDuration().TotalSeconds;
        var memory = GC.GetGCMemoryInfo();
        var json = new JsonWriter(Indentation);
        json.StartObject();
        Number("cpuTime", processor);
        Start("gc");
        Count("cycles", GC.CollectionCount(0));
        Count("heapSize", memory.TotalCommittedBytes);
        Count("totalBytes", GC.GetTotalAllocatedBytes());
        json.EndObject();
        Start("symbols");
        Count("bytes", Enumerable.Range(0, eval.Symbols.Count).Sum(id => (long)eval.Symbols[id].Bytes.Length));
        Count("number", eval.Symbols.Count);
        json.EndObject();
        Start("time");
        Number("cpu", processor);
        Number("gc", pauses);
        Number("gcFraction", processor > 0 ? pauses / processor : 0);
        json.EndObject();
        json.EndObject();
        return json.Written.ToArray();

        void Start(string name)
        {
            json.Key(Encoding.UTF8.GetBytes(name));
            json.StartObject();
        }

        void Count(string name, long value)
        {
            json.Key(Encoding.UTF8.GetBytes(name));
            json.Integer(value);
        }

        void Number(string name, double value)
        {
            json.Key(Encoding.UTF8.GetBytes(name));
            json.Float(value);
        }
    }
}
