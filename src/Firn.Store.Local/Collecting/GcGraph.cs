using Firn.Model.StorePaths;

namespace Firn.Store.Local.Collecting;

/// <summary>What a collector needs to know about the valid objects; they are numbered from 0.</summary>
internal sealed class GcGraph
{
    private readonly Dictionary<StorePath, int> _numbers = [];
    private readonly List<StorePath> _paths = [];
    private readonly List<List<int>?> _references = [];
    private readonly List<List<int>?> _outputs = [];
    private readonly List<StorePath?> _derivers = [];

    internal int Count => _paths.Count;

    internal StorePath this[int number] => _paths[number];

    internal int? Find(StorePath path) => _numbers.TryGetValue(path, out var number) ? number : null;

    internal int Add(StorePath path, StorePath? deriver)
    {
        var number = _paths.Count;
        _numbers[path] = number;
        _paths.Add(path);
        _derivers.Add(deriver);
        _references.Add(null);
        _outputs.Add(null);
        return number;
    }

    internal void AddReference(int from, int to) => (_references[from] ??= []).Add(to);

    internal void AddOutput(int derivation, int output) => (_outputs[derivation] ??= []).Add(output);

    internal IReadOnlyList<int> References(int number) => _references[number] ?? [];

    internal IReadOnlyList<int> Outputs(int derivation) => _outputs[derivation] ?? [];

    internal int? Deriver(int number) => _derivers[number] is { } deriver ? Find(deriver) : null;
}
