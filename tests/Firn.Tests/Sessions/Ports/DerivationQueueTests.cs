using System.Collections.Immutable;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Sessions.Ports;
using Firn.Sessions.Stores;
using Firn.Store.Derivations;

namespace Firn.Tests.Sessions.Ports;

public sealed class DerivationQueueTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(3000)]
    public void All_are_written_in_order_once(int count)
    {
        var sink = new Sink();
        var queue = sink.Queue();
        ImmutableArray<DerivationFile> files = [.. Enumerable.Range(0, count).Select(File)];

        foreach (var file in files)
        {
            queue.Add(file);
        }

        queue.Flush();

        Assert.Equal(files.Select(f => f.Path), sink.Written);
    }

    [Fact]
    public void A_failure_on_the_way_is_told_once_and_what_follows_is_written()
    {
        var sink = new Sink { Refused = File(10).Path };
        var queue = sink.Queue();

        Assert.Throws<InvalidOperationException>(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                queue.Add(File(i));
            }

            queue.Flush();
        });
        queue.Flush();
        var written = sink.Written.Count;
        queue.Add(File(9999));
        queue.Flush();

        Assert.Equal(written + 1, sink.Written.Count);
    }

    [Fact]
    public void To_settle_tells_no_failure_and_waits_for_what_is_being_written()
    {
        var sink = new Sink { Delay = TimeSpan.FromMilliseconds(50) };
        var queue = sink.Queue();
        for (var i = 0; i < 64; i++)
        {
            queue.Add(File(i));
        }

        queue.Settle();

        Assert.Equal(64, sink.Written.Count);
    }

    private static DerivationFile File(int number)
    {
        var hash = Hash.Sha256(BitConverter.GetBytes(number));
        return new(StorePath.Of(hash.Fold(20), $"d{number}.drv"), [], hash, [], []);
    }

    private sealed class Sink : IDerivationSink
    {
        public List<StorePath> Written { get; } = [];

        public StorePath? Refused { get; init; }

        public TimeSpan Delay { get; init; }

        public DerivationQueue Queue() => new(new Lazy<OpenStore>(
            new OpenStore(StoreReference.Parse("dummy://"), StoreDirectory.Default) { DerivationSink = this }));

        public void AddDerivations(IReadOnlyList<DerivationFile> files, bool repair)
        {
            Thread.Sleep(Delay);
            if (files.Any(f => f.Path.Equals(Refused)))
            {
                throw new InvalidOperationException("refused");
            }

            lock (Written)
            {
                Written.AddRange(files.Select(f => f.Path));
            }
        }
    }
}
