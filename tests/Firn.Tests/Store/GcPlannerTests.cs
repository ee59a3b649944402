using CsCheck;
using Firn.Model.StorePaths;
using Firn.Store.Local.Collecting;

namespace Firn.Tests.Store;

public sealed class GcPlannerTests
{
    private static readonly Gen<(int Count, (int From, int To)[] References, int[] Roots)> _case = Gen.Int[1, 15].SelectMany(n => Gen.Select(
        Gen.Const(n), Gen.Select(Gen.Int[0, n - 1], Gen.Int[0, n - 1]).Where((from, to) => to <= from).Array[0, 30], Gen.Int[0, n - 1].Array[0, 4]));

    [Fact]
    public void Roots_live_with_all_they_need_and_nothing_else_does() => _case.Sample(c =>
    {
        var planner = Plan(c.Count, c.References, c.Roots);
        var alive = new HashSet<int>(c.Roots);
        for (var changed = true; changed;)
        {
            changed = c.References.Any(r => alive.Contains(r.From) && alive.Add(r.To));
        }

        Assert.Equal(alive.Select(ClosureTests.Path).Order(), planner.Alive.Order());
        Assert.Equal(Enumerable.Range(0, c.Count).Except(alive).Select(ClosureTests.Path).Order(), planner.ListDead().Order());
    });

    [Fact]
    public void What_is_removed_comes_before_what_it_refers_to() => _case.Sample(c =>
    {
        var dead = Plan(c.Count, c.References, c.Roots).ListDead().ToList();

        Assert.All(c.References.Where(r => r.From != r.To), r =>
        {
            var (from, to) = (dead.IndexOf(ClosureTests.Path(r.From)), dead.IndexOf(ClosureTests.Path(r.To)));
            Assert.True(from < 0 || to < 0 || from < to);
        });
    });

    [Fact]
    public void Only_what_nothing_else_needs_is_removed_by_name() => Gen.Select(_case, Gen.Int[0, 14].Array[0, 10]).Sample((c, names) =>
    {
        var wanted = names.Where(n => n < c.Count).Distinct().ToHashSet();
        var removed = Plan(c.Count, c.References, c.Roots).ListRemovable([.. wanted.Select(ClosureTests.Path)]).ToHashSet();

        Assert.Subset(wanted.Select(ClosureTests.Path).ToHashSet(), removed);
        // Nothing that stays refers to something removed, and nothing more could have gone.
        Assert.All(c.References, r => Assert.True(removed.Contains(ClosureTests.Path(r.From)) || !removed.Contains(ClosureTests.Path(r.To))));
    });

    [Fact]
    public void Derivations_and_outputs_keep_each_other_as_the_settings_say()
    {
        var graph = new GcGraph();
        var drv = graph.Add(StorePath.Parse("00000000000000000000000000000000-a.drv"), null);
        var output = graph.Add(StorePath.Parse("00000000000000000000000000000001-a"), graph[drv]);
        graph.AddOutput(drv, output);

        Assert.Equal([output], Kept(graph, output, outputs: false, derivations: false));
        Assert.Equal([drv, output], Kept(graph, output, outputs: false, derivations: true));
        Assert.Equal([drv], Kept(graph, drv, outputs: false, derivations: true));
        Assert.Equal([drv, output], Kept(graph, drv, outputs: true, derivations: false));
    }

    private static IEnumerable<int> Kept(GcGraph graph, int root, bool outputs, bool derivations)
    {
        var planner = new GcPlanner(graph, outputs, derivations);
        planner.Keep(graph[root]);
        return planner.Alive.Select(p => graph.Find(p)!.Value).Order();
    }

    private static GcPlanner Plan(int count, (int From, int To)[] references, int[] roots)
    {
        var graph = new GcGraph();
        for (var i = 0; i < count; i++)
        {
            graph.Add(ClosureTests.Path(i), null);
        }

        foreach (var (from, to) in references)
        {
            graph.AddReference(from, to);
        }

        var planner = new GcPlanner(graph, keepsOutputs: false, keepsDerivations: true);
        foreach (var root in roots)
        {
            planner.Keep(ClosureTests.Path(root));
        }

        return planner;
    }
}
