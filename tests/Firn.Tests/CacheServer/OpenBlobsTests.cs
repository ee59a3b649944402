using Firn.CacheServer.Blobs;
using Firn.CacheServer.Http;
using Microsoft.Win32.SafeHandles;

namespace Firn.Tests.CacheServer;

public sealed class OpenBlobsTests
{
    private readonly FakeBlobs _blobs = new();

    [Fact]
    public void What_is_asked_for_again_is_opened_once()
    {
        var open = new OpenBlobs(_blobs, 2);
        Assert.Null(open.FindOpen("a"));
        open.Find("a")!.Dispose();
        using var again = open.FindOpen("a");
        Assert.NotNull(again);
        Assert.Equal(["a"], _blobs.Opened);
        Assert.Null(open.Find("none"));
    }

    [Fact]
    public void The_one_that_waited_longest_is_closed_but_not_under_its_reader()
    {
        var open = new OpenBlobs(_blobs, 2);
        var read = open.Find("a")!;
        open.Find("b")!.Dispose();
        open.Find("c")!.Dispose();
        Assert.Empty(_blobs.Closed);
        read.Dispose();
        Assert.Equal(["a"], _blobs.Closed);

        open.Find("b")!.Dispose();
        open.Find("d")!.Dispose();
        Assert.Equal(["a", "c"], _blobs.Closed);
    }

    [Fact]
    public void Giving_back_twice_counts_once()
    {
        var open = new OpenBlobs(_blobs, 2);
        using var first = open.Find("a")!;
        var second = open.Find("a")!;
        second.Dispose();
        second.Dispose();
        open.Clear();
        Assert.Empty(_blobs.Closed);
    }

    [Fact]
    public void All_can_be_closed_and_opened_again()
    {
        var open = new OpenBlobs(_blobs, 2);
        open.Find("a")!.Dispose();
        var read = open.Find("b")!;
        open.Clear();
        Assert.Equal(["a"], _blobs.Closed);
        read.Dispose();
        Assert.Equal(["a", "b"], _blobs.Closed);
        open.Find("b")!.Dispose();
        Assert.Equal(["a", "b", "b"], _blobs.Opened);
    }

    private sealed class FakeBlobs : IBlobs
    {
        public List<string> Opened { get; } = [];

        public List<string> Closed { get; } = [];

        public IBlob? Open(string name)
        {
            if (name == "none")
            {
                return null;
            }

            Opened.Add(name);
            return new FakeBlob(() => Closed.Add(name));
        }

        public IBlobWriter Create() => throw new NotSupportedException();

        public void Remove(string name) => throw new NotSupportedException();

        public IEnumerable<(string Name, DateTimeOffset Written)> List() => throw new NotSupportedException();
    }

    private sealed class FakeBlob(Action close) : IBlob
    {
        public long Length => 0;

        public SafeFileHandle? File => null;

        public int Read(Span<byte> buffer, long offset) => 0;

        public void Dispose() => close();
    }
}
