using System.Text.Json;

namespace Firn.EndToEnd.Statistics;

/// <summary>The statistics have the keys that tools know from C++ Nix.</summary>
public sealed class StatisticsTests : IDisposable
{
    private static readonly string[] _keys =
    [
        "attributes", "cpuTime", "envs", "functions", "gc", "list", "nrAvoided", "nrExprs", "nrFunctionCalls", "nrLookups", "nrOpUpdateValuesCopied",
        "nrOpUpdates", "nrPrimOpCalls", "nrThunks", "primops", "sets", "sizes", "symbols", "time", "values",
    ];

    private readonly Machine _machine = new("sandbox = false");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void All_keys_are_in_the_file_that_was_asked_for()
    {
        var file = $"{_machine.Home}/statistics";

        _machine.Shell($"NIX_SHOW_STATS=1 NIX_SHOW_STATS_PATH={file} NIX_COUNT_CALLS=1 {Machine.FirnCommands}/nix-instantiate --eval -E '(a: a + 1) 2'");

        var statistics = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        Assert.Equal(_keys, statistics.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1, statistics.GetProperty("nrFunctionCalls").GetInt64());
        Assert.Equal(["bytes", "concats", "elements"], statistics.GetProperty("list").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Calls_are_listed_only_on_demand()
    {
        var file = $"{_machine.Home}/statistics";

        _machine.Shell($"NIX_SHOW_STATS=1 NIX_SHOW_STATS_PATH={file} {Machine.FirnCommands}/nix-instantiate --eval -E 1");

        Assert.False(JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.TryGetProperty("functions", out _));
    }
}
