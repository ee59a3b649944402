using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Firn.Daemon;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Tests.Daemon;

/// <summary>Numbers and texts on the wire, and the bounds that hold what comes in.</summary>
public sealed class WireTests
{
    [Fact]
    public void What_is_written_is_read() => Gen.Select(Gen.ULong, Gen.String, Gen.Bool).Sample((number, text, flag) =>
    {
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var reader = Read(w =>
        {
            w.Write(number);
            w.Write(text);
            w.Write(flag);
        });
        return reader.ReadNumber() == number && reader.ReadString() == text && reader.ReadFlag() == flag && reader.IsAtEnd();
    });

    [Fact]
    public void A_text_is_its_length_its_bytes_and_zeros_up_to_eight()
    {
        using var bytes = new MemoryStream();
        var writer = new WireWriter(bytes, StoreDirectory.Default);
        writer.Write("abc");
        writer.Flush();
        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 0, (byte)'a', (byte)'b', (byte)'c', 0, 0, 0, 0, 0], bytes.ToArray());
    }

    [Fact]
    public void Padding_that_is_not_zero_is_refused() =>
        Assert.Throws<DaemonException>(() => Raw([1, 0, 0, 0, 0, 0, 0, 0, (byte)'a', 0, 0, 0, 0, 0, 0, 1]).ReadString());

    [Fact]
    public void A_length_that_is_only_claimed_costs_no_memory()
    {
        var claim = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(claim, WireLimits.MaxText);
        var reader = Raw([.. claim, 1, 2, 3]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DaemonException>(() => reader.ReadString());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData((ulong)WireLimits.MaxItems + 1)]
    public void More_items_than_a_list_may_have_are_refused(ulong count) => Assert.Equal(
        DaemonErrors.TooLarge, Assert.Throws<DaemonException>(() => Read(w => w.Write(count)).ReadList(() => 0)).Kind);

    [Fact]
    public void A_message_has_an_end()
    {
        // The same megabyte again and again, as long as it is taken.
        var reader = new WireReader(new Endless([.. Number(1024 * 1024), .. new byte[1024 * 1024]]), StoreDirectory.Default);
        void ReadAll()
        {
            for (var i = 0; i < 1000; i++)
            {
                reader.ReadBytes();
            }
        }

        var error = Assert.Throws<DaemonException>(ReadAll);
        Assert.Equal(DaemonErrors.TooLarge, error.Kind);
    }

    [Fact]
    public void Frames_can_be_left_early_and_then_read_to_their_end()
    {
        var content = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        var reader = Read(w =>
        {
            var frames = new FrameWriter(w, () => false);
            frames.Write(content);
            frames.Finish();
            w.Write("after");
        });
        var frames = new FrameReader(reader);
        var some = new byte[1000];
        frames.ReadExactly(some);
        frames.Drain();
        Assert.Equal(content[..1000], some);
        Assert.Equal("after", reader.ReadString());
    }

    [Theory]
    [InlineData(18)]
    [InlineData(29)]
    [InlineData(37)]
    [InlineData(38)]
    public void A_result_is_read_in_the_form_of_each_version(int minor)
    {
        var form = ResultForm.OfWorker(new ProtocolVersion(1, minor));
        var path = StorePath.Parse(new string('a', 32) + "-thing");
        var result = new BuildResult { Status = BuildStatus.Built, TimesBuilt = form.HasTimes ? 1 : 0, StartTime = form.HasTimes ? 5 : 0, StopTime = form.HasTimes ? 7 : 0 };
        result = result with { Outputs = result.Outputs.Add("out", path) };
        var read = Read(w => w.Write(result, form, name => new(Firn.Model.Hashing.Hash.Sha256("x"u8), name))).ReadResult(form);

        Assert.Equal(result.Status, read.Status);
        Assert.Equal((result.TimesBuilt, result.StartTime, result.StopTime), (read.TimesBuilt, read.StartTime, read.StopTime));
        Assert.Equal(form.HasOutputs ? [path] : [], read.Outputs.Values);
    }

    [Fact]
    public void That_a_hash_was_wrong_is_told_as_an_output_that_was_refused()
    {
        var form = ResultForm.OfWorker(new ProtocolVersion(1, 38));
        var failed = new BuildResult { Status = BuildStatus.HashMismatch, Failure = new Diagnostic(DaemonErrors.Remote, "wrong hash") };
        var read = Read(w => w.Write(failed, form, name => throw new InvalidOperationException(name))).ReadResult(form);
        Assert.Equal((BuildStatus.OutputRejected, "wrong hash"), (read.Status, read.Failure!.Message));
    }

    [Fact]
    public void Requests_are_spelled_as_each_version_has_them()
    {
        var derivation = StorePath.Parse(new string('a', 32) + "-thing.drv");
        string Spelled(int minor, DerivedPath path) => Read(w =>
        {
            w.Version = new ProtocolVersion(1, minor);
            w.Write(path);
        }).ReadString();
        var all = DerivedPath.Of(derivation, OutputsSpec.All.Instance);
        Assert.Equal($"/nix/store/{derivation}!*", Spelled(38, all));
        Assert.Equal($"/nix/store/{derivation}", Spelled(29, all));
        Assert.Equal($"/nix/store/{derivation}!dev,out", Spelled(29, DerivedPath.Of(derivation, OutputsSpec.Of("out", "dev"))));
        Assert.Equal($"/nix/store/{derivation}", Spelled(38, new DerivedPath.Opaque(derivation)));
        Assert.Throws<DaemonException>(() => Spelled(29, new DerivedPath.Opaque(derivation)));
    }

    private static byte[] Number(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }

    private static WireReader Read(Action<WireWriter> write)
    {
        var bytes = new MemoryStream();
        var writer = new WireWriter(bytes, StoreDirectory.Default) { Version = new ProtocolVersion(1, 38) };
        write(writer);
        writer.Flush();
        return Raw(bytes.ToArray());
    }

    private static WireReader Raw(byte[] bytes) => new(new MemoryStream(bytes), StoreDirectory.Default) { Version = new ProtocolVersion(1, 38) };

    private sealed class Endless(byte[] piece) : ForwardStream
    {
        private int _at;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, piece.Length - _at);
            piece.AsSpan(_at, count).CopyTo(buffer);
            _at = (_at + count) % piece.Length;
            return count;
        }
    }
}
