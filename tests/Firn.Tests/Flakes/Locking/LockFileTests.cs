using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes;
using Firn.Flakes.Files;
using Firn.Flakes.Locking;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Flakes.Locking;

/// <summary>Lock files come back byte for byte, and what they cannot mean is refused.</summary>
public sealed class LockFileTests
{
    private const string Hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    // As C++ Nix 2.34.8 writes it.
    private const string Text = $$"""
        {
          "nodes": {
            "a": {
              "inputs": {
                "c": [
                  "b"
                ]
              },
              "locked": {
                "lastModified": 1,
                "narHash": "{{Hash}}",
                "path": "/a",
                "type": "path"
              },
              "original": {
                "path": "/a",
                "type": "path"
              }
            },
            "b": {
              "flake": false,
              "locked": {
                "path": "./b",
                "type": "path"
              },
              "original": {
                "path": "./b",
                "type": "path"
              },
              "parent": []
            },
            "root": {
              "inputs": {
                "a": "a",
                "b": "b"
              }
            }
          },
          "root": "root",
          "version": 7
        }
        """;

    private static readonly InputForms _forms = new(new FetchSettings());

    [Fact]
    public void A_lock_file_comes_back_as_it_was_read() => Assert.Equal(Text, LockFileJson.Write(Read(Text)));

    [Fact]
    public void What_is_followed_is_found_and_circles_are_told()
    {
        var file = Read(Text);
        Assert.Same(file.Find(InputPath.Parse("b")), file.Find(InputPath.Parse("a/c")));
        Assert.Null(file.Find(InputPath.Parse("a/x")));
        file.Root.Inputs["b"] = new LockEdge.Same(InputPath.Parse("a/c"));
        Assert.Contains("follow cycle detected: [a/c -> b -> a/c]", Assert.Throws<FlakeException>(() => file.Find(InputPath.Parse("a/c"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_nodes_of_one_name_get_numbers()
    {
        var file = new LockFile();
        var locked = Read(Text).Find(InputPath.Parse("a"))!.Locked;
        var (first, second) = (new LockNode(locked), new LockNode(locked));
        file.Root.Inputs["a"] = new LockEdge.Own(first);
        first.Inputs["a"] = new LockEdge.Own(second);
        Assert.Equal("a_2", LockFileJson.Write(file, 0).Keys[second]);
    }

    [Fact]
    public void A_chain_of_inputs_may_be_as_long_as_it_likes()
    {
        const int Count = 20_000;
        const string Reference = """{"path":"./n","type":"path"}""";
        var nodes = Enumerable.Range(0, Count).Select(i =>
            $"\"n{i}\":{{\"inputs\":{{{(i + 1 == Count ? "" : $"\"x\":\"n{i + 1}\"")}}},\"locked\":{Reference},\"original\":{Reference}}}");
        var text = $"{{\"nodes\":{{{string.Join(',', nodes)},\"root\":{{\"inputs\":{{\"x\":\"n0\"}}}}}},\"root\":\"root\",\"version\":7}}";

        // A thread with little room tells at once whether this recurses.
        var thread = new Thread(() => Assert.Equal(Count + 1, LockFileJson.Write(Read(text), 0).Keys.Count), 256 * 1024);
        thread.Start();
        thread.Join();
    }

    [Fact]
    public void Version_5_kept_what_was_found_out_elsewhere()
    {
        var old = """
            {"nodes":{"a":{"info":{"lastModified":7,"narHash":"HASH"},"locked":{"path":"/a","type":"path"},"original":{"id":"a","type":"indirect"}},"root":{"inputs":{"a":"a"}}},"root":"root","version":5}
            """.Replace("HASH", Hash, StringComparison.Ordinal);
        Assert.Equal(7ul, Read(old).Find(InputPath.Parse("a"))!.Locked!.Reference.Input.FindInteger("lastModified"));
    }

    [Theory]
    [InlineData("x", "Could not parse '/flake.lock'")]
    [InlineData("""{"version":99999999999}""", "Could not parse '/flake.lock'")]
    [InlineData("""{"nodes":{},"root":null,"version":7}""", "Could not parse '/flake.lock'")]
    [InlineData("""{"nodes":{"root":{"inputs":{"a":null}}},"root":"root","version":7}""", "Could not parse '/flake.lock'")]
    [InlineData("""{"version":4}""", "lock file '/flake.lock' has unsupported version 4")]
    [InlineData("""{"nodes":{"root":{"inputs":{"a":"b"}}},"root":"root","version":7}""", "lock file references missing node 'b'")]
    [InlineData("""{"nodes":{"root":{"inputs":{"a":"root"}}},"root":"root","version":7}""", "lock file contains cycle to root node")]
    [InlineData("""{"nodes":{"a":{"locked":{"id":"x","type":"indirect"},"original":{"id":"x","type":"indirect"}},"root":{"inputs":{"a":"a"}}},"root":"root","version":7}""", "Lock file contains unlocked input")]
    public void What_is_no_lock_file_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FlakeException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Changes_are_told_by_input()
    {
        var changed = Read(Text);
        changed.Root.Inputs.Remove("b");
        changed.Root.Inputs["n"] = new LockEdge.Same(InputPath.Parse("a"));
        Assert.Equal(
            "• Removed input 'b'\n• Added input 'n':\n    follows 'a'\n", LockFileDifference.Describe(Read(Text), changed, _forms));
        Assert.Equal(
            $"• Added input 'a':\n    'path:/a?lastModified=1&narHash={Hash.Replace("+", "%2B", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal)}' (1970-01-01)\n• Added input 'a/c':\n    follows 'b'\n• Added input 'b':\n    'path:./b'\n",
            LockFileDifference.Describe(new LockFile(), Read(Text), _forms));
    }

    [Fact]
    public void Following_what_is_not_there_is_refused()
    {
        var file = Read(Text);
        file.Root.Inputs.Remove("b");
        var place = new SourceSpan(new SourceOrigin.File("/flake.nix"), new LineColumn(3, 5), 1, []);
        var failure = Assert.Throws<FlakeException>(() => file.Check(path => path.ToString() == "a/c" ? place : null));
        Assert.Equal("input 'a/c' follows a non-existent input 'b'", failure.Message);
        Assert.Equal(place, failure.Diagnostic.Span);
        Assert.Equal(["Did you mean a?"], failure.Diagnostic.Hints);
    }

    private static LockFile Read(string text) => LockFileJson.Read(text, "/flake.lock", _forms, NoMessageLog.Instance);
}
