using Firn.Store.Local.Collecting;

namespace Firn.Store.Local.Database;

internal sealed partial class StoreDatabase
{
    /// <summary>Reads all valid objects and what relates them, as of one moment.</summary>
    internal GcGraph LoadGraph()
    {
        lock (_lock)
        {
            return _database.InTransaction(() =>
            {
                var graph = new GcGraph();
                var numbers = new Dictionary<long, int>();
                var paths = Prepare("select id, path, deriver from ValidPaths;");
                while (paths.Step())
                {
                    var deriver = paths.Text(2) is { Length: > 0 } text && _directory.TryParse(text, out var parsed) ? parsed : null;
                    numbers[paths.Integer(0)] = graph.Add(_directory.Parse(paths.Text(1)!), deriver);
                }

                var references = Prepare("select referrer, reference from Refs;");
                while (references.Step())
                {
                    graph.AddReference(numbers[references.Integer(0)], numbers[references.Integer(1)]);
                }

                var outputs = Prepare("select drv, path from DerivationOutputs;");
                while (outputs.Step())
                {
                    if (graph.Find(_directory.Parse(outputs.Text(1)!)) is { } output)
                    {
                        graph.AddOutput(numbers[outputs.Integer(0)], output);
                    }
                }

                return graph;
            });
        }
    }
}
