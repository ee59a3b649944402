using CsCheck;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Closures;
using Firn.Store.PathInfos;

namespace Firn.Tests.Store;

public sealed class ClosureTests
{
    /// <summary>Graphs without circles: a node points to nodes of lower numbers, and perhaps to itself.</summary>
    private static readonly Gen<List<int>[]> _graph = Gen.Int[1, 12].SelectMany(n =>
        Gen.Int[0, 11].List[0, 4].Array[n].Select(edges => edges.Select((e, i) => e.Where(to => to <= i).ToList()).ToArray()));

    [Fact]
    public void Each_node_comes_before_those_it_points_to() => _graph.Sample(graph =>
    {
        var order = TopologicalOrder.Of(Enumerable.Range(0, graph.Length).ToList(), n => graph[n], (_, _) => new InvalidOperationException());

        Assert.Equal(Enumerable.Range(0, graph.Length), order.Order());
        var place = order.Select((node, i) => (node, i)).ToDictionary(p => p.node, p => p.i);
        Assert.All(order, from => Assert.All(graph[from], to => Assert.True(to == from || place[from] < place[to])));
    });

    [Fact]
    public void A_circle_is_an_error() => Assert.Throws<InvalidOperationException>(() =>
        TopologicalOrder.Of([0, 1, 2], n => [(n + 1) % 3], (_, _) => new InvalidOperationException()));

    [Fact]
    public void A_chain_longer_than_any_stack_is_ordered() =>
        Assert.Equal(100_000, TopologicalOrder.Of(Enumerable.Range(0, 100_000).ToList(), n => n > 0 ? [n - 1] : [], (_, _) => new InvalidOperationException()).Count);

    [Fact]
    public void An_object_that_is_not_valid_has_no_closure() =>
        Assert.Throws<StoreException>(() => Closure.Of([Path(0)], new NoInfos(), StoreDirectory.Default));

    [Fact]
    public void A_store_that_only_looks_objects_up_has_closures() =>
        Assert.Empty(new StoreParts("some://store", StoreDirectory.Default) { Infos = new NoInfos() }.Closure.Of([]));

    internal static StorePath Path(int number) =>
        StoreDirectory.Default.Make("test", Firn.Model.Hashing.Hash.Sha256([(byte)number, (byte)(number >> 8)]), $"p{number}");

    private sealed class NoInfos : IPathInfoSource
    {
        public PathInfo? Find(StorePath path) => null;

        public bool IsValid(StorePath path) => false;

        public IEnumerable<StorePath> ListAll() => [];

        public StorePath? FindByDigest(string digest) => null;
    }
}
