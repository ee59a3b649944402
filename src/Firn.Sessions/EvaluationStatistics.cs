using System.Text;
using Firn.Evaluation;
using Firn.Model.Diagnostics;
using Firn.Model.Text.Json;

namespace Firn.Sessions;

/// <summary>What evaluation cost, as <c>NIX_SHOW_STATS</c> asks for it: JSON on standard error or in the file of <c>NIX_SHOW_STATS_PATH</c>.</summary>
/// <remarks>
/// The keys are those of C++ Nix 2.34, and the counts are of the same things as far as Firn has them: a function of two
/// parameters counts as two calls, but makes one environment. Memory is in Firn's terms: all values are words of eight bytes on
/// one heap, so <c>values.number</c> is how many of those were used. Counting is done by code that is compiled only when somebody
/// asks for it (<see cref="EvaluationCounters"/>): the times are then those of a slower evaluation.
/// </remarks>
internal static class EvaluationStatistics
{
    /// <summary>The variable that asks for it.</summary>
    public const string Wanted = "NIX_SHOW_STATS";
    private const string Place = "NIX_SHOW_STATS_PATH";
    private const string Each = "NIX_COUNT_CALLS";
    private const string WantedSymbols = "NIX_SHOW_SYMBOLS";
    private const int Word = 8;
    private const int Indentation = 2;

    /// <summary>Returns what counts for the statistics; null when nobody wants any.</summary>
    public static EvaluationCounters? MakeCounters(Func<string, string?> environment) =>
        IsSet(environment, Wanted) ? new EvaluationCounters { CountsEach = IsSet(environment, Each) } : null;

    public static void PrintIfWanted(Evaluator eval, Func<string, string?> environment)
    {
        if (!IsSet(environment, Wanted) || eval.Counters is not { } counters)
        {
            return;
        }

        byte[] text = [.. Write(eval, counters, IsSet(environment, WantedSymbols)), (byte)'\n'];
        if (environment(Place) is { } path && path != "-")
        {
            File.WriteAllBytes(path, text);
            return;
        }

        using var error = Console.OpenStandardError();
        error.Write(text);
    }

    private static bool IsSet(Func<string, string?> environment, string name) => (environment(name) ?? "0") != "0";

    private static byte[] Write(Evaluator eval, EvaluationCounters counters, bool withSymbols)
    {
        var processor = Environment.CpuUsage.UserTime.TotalSeconds;
        var pauses = GC.GetTotalPauseDuration().TotalSeconds;
        var memory = GC.GetGCMemoryInfo();
        var json = new JsonWriter(Indentation);
        json.StartObject();
        if (counters.CountsEach)
        {
            Key("attributes");
            WriteEach(json, eval, counters.Selections.Select(s => (s.Position, (string?)null, s.Count)), isNamed: false);
        }

        Number("cpuTime", processor);
        Group("envs", ("bytes", (counters.Environments + counters.EnvironmentElements) * Word), ("elements", counters.EnvironmentElements), ("number", counters.Environments));
        if (counters.CountsEach)
        {
            Key("functions");
            WriteEach(json, eval, counters.Functions, isNamed: true);
        }

        Group("gc", ("cycles", GC.CollectionCount(0)), ("heapSize", memory.TotalCommittedBytes), ("totalBytes", GC.GetTotalAllocatedBytes()));
        Group("list", ("bytes", counters.ListElements * Word), ("concats", counters.ListConcatenations), ("elements", counters.ListElements));
        Count("nrAvoided", counters.AvoidedThunks);
        Count("nrExprs", counters.Expressions);
        Count("nrFunctionCalls", counters.FunctionCalls);
        Count("nrLookups", counters.Lookups);
        Count("nrOpUpdateValuesCopied", counters.UpdateElements);
        Count("nrOpUpdates", counters.Updates);
        Count("nrPrimOpCalls", counters.BuiltinCalls);
        Count("nrThunks", counters.Thunks);
        if (counters.CountsEach)
        {
            Group("primops", [.. counters.Builtins.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => (b.Key, b.Value))]);
        }

        Group("sets", ("bytes", (counters.Sets + counters.SetElements) * Word), ("elements", counters.SetElements), ("number", counters.Sets));
        Group("sizes", ("Attr", Word), ("Bindings", Word), ("Env", Word), ("Value", Word));
        if (withSymbols)
        {
            Key("symbols");
            json.StartArray();
            for (var id = 0; id < eval.Symbols.Count; id++)
            {
                json.String(eval.Symbols[id].Bytes);
            }

            json.EndArray();
        }
        else
        {
            Group("symbols", ("bytes", Enumerable.Range(0, eval.Symbols.Count).Sum(id => (long)eval.Symbols[id].Bytes.Length)), ("number", eval.Symbols.Count));
        }

        Key("time");
        json.StartObject();
        Number("cpu", processor);
        Number("gc", pauses);
        Number("gcFraction", processor > 0 ? pauses / processor : 0);
        json.EndObject();
        Group("values", ("bytes", eval.UsedBytes), ("number", eval.UsedBytes / Word));
        json.EndObject();
        return json.Written.ToArray();

        void Group(string name, params (string Name, long Value)[] members)
        {
            Key(name);
            json.StartObject();
            foreach (var (member, value) in members)
            {
                Count(member, value);
            }

            json.EndObject();
        }

        void Key(string name) => json.Key(Encoding.UTF8.GetBytes(name));

        void Count(string name, long value)
        {
            Key(name);
            json.Integer(value);
        }

        void Number(string name, double value)
        {
            Key(name);
            json.Float(value);
        }
    }

    private static void WriteEach(JsonWriter json, Evaluator eval, IEnumerable<(int Position, string? Name, long Count)> counts, bool isNamed)
    {
        json.StartArray();
        foreach (var (position, name, count) in counts.OrderByDescending(c => c.Count).ThenBy(c => c.Position))
        {
            json.StartObject();
            var span = eval.Sources.Span(position);
            if (span is not null)
            {
                json.Key("column"u8);
                json.Integer(span.Start.Column);
            }

            json.Key("count"u8);
            json.Integer(count);
            if (span?.Origin is SourceOrigin.File file)
            {
                json.Key("file"u8);
                json.String(Encoding.UTF8.GetBytes(file.Path));
            }

            if (span is not null)
            {
                json.Key("line"u8);
                json.Integer(span.Start.Line);
            }

            if (isNamed)
            {
                json.Key("name"u8);
                if (name is null)
                {
                    json.Null();
                }
                else
                {
                    json.String(Encoding.UTF8.GetBytes(name));
                }
            }

            json.EndObject();
        }

        json.EndArray();
    }
}
