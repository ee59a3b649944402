using System.Text;
using Firn.Archive.Nars;
using Firn.Daemon.Wire;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Tests.Daemon;

/// <summary>Clients of older versions, down to the oldest that is served, byte by byte.</summary>
public sealed class OldClientTests : IDisposable
{
    private readonly DaemonWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(18)]
    [InlineData(24)]
    public void A_text_is_added_as_versions_before_1_25_do_it(int minor)
    {
        var (reader, writer) = Greet(minor);
        writer.Write(8UL);
        writer.Write("thing");
        writer.Write("content");
        writer.Write(0UL);
        SkipMessages(reader, writer);
        var path = reader.ReadString();

        Assert.Equal("content", File.ReadAllText(path));
        writer.Write(1UL);
        writer.Write(path);
        SkipMessages(reader, writer);
        Assert.True(reader.ReadFlag());
    }

    [Theory]
    [InlineData(18)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void An_archive_is_added_as_each_version_sends_it(int minor)
    {
        using var nar = new MemoryStream();
        var archive = new NarWriter(nar);
        archive.BeginFile(isExecutable: false, 2);
        archive.Write("hi"u8);
        archive.EndFile();
        archive.Finish();
        var info = new PathInfo { Path = StorePath.Parse(new string('b', 32) + "-thing"), NarHash = Hash.Sha256(nar.ToArray()), NarSize = nar.Length };
        var (reader, writer) = Greet(minor);
        writer.Write(39UL);
        writer.Write($"{_world.World.Directory.Path}/{info.Path}");
        writer.Write("");
        writer.Write(info.NarHash.Digest(HashFormat.Base16));
        writer.Write(0UL);
        writer.Write(0UL);
        writer.Write((ulong)nar.Length);
        writer.Write(0UL);
        writer.Write(0UL);
        writer.Write("");
        writer.Write(0UL);
        writer.Write(1UL);
        nar.Position = 0;
        if (minor >= 23)
        {
            var frames = new FrameWriter(writer, () => false);
            frames.Write(nar.ToArray());
            frames.Finish();
        }
        else if (minor < 21)
        {
            writer.WriteRaw(nar.ToArray());
        }

        SkipMessages(reader, writer, nar);
        Assert.Equal("hi", File.ReadAllText($"{_world.World.Directory.Path}/{info.Path}"));
    }

    [Fact]
    public void One_that_is_older_still_is_told_to_go()
    {
        using var stream = _world.Connect();
        var writer = new WireWriter(stream, _world.World.Directory);
        writer.Write(0x6e697863UL);
        writer.Write(new ProtocolVersion(1, 17).ToWire());
        writer.Flush();
        var reader = new WireReader(stream, _world.World.Directory);
        reader.ReadNumber();
        reader.ReadNumber();
        Assert.True(reader.IsAtEnd());
    }

    [Fact]
    public void What_cannot_be_understood_ends_the_connection_with_a_word_and_no_other()
    {
        var (reader, writer) = Greet(38);
        writer.Write(1UL);
        writer.Write("/etc/passwd");
        writer.Flush();
        Assert.Equal(0x63787470UL, reader.ReadNumber());
        Assert.Equal("Error", reader.ReadString());
        reader.ReadNumber();
        reader.ReadString();
        Assert.Contains("/etc/passwd", reader.ReadString());
        reader.ReadNumber();
        reader.ReadNumber();
        Assert.True(reader.IsAtEnd());
        Assert.Empty(_world.Client.ListAll());
    }

    private (WireReader Reader, WireWriter Writer) Greet(int minor)
    {
        var stream = _world.Connect();
        var (reader, writer) = (new WireReader(stream, _world.World.Directory), new WireWriter(stream, _world.World.Directory));
        writer.Write(0x6e697863UL);
        writer.Write(new ProtocolVersion(1, minor).ToWire());
        if (minor >= 38)
        {
            writer.Write(0UL);
        }

        writer.Write(0UL);
        writer.Write(0UL);
        writer.Flush();
        Assert.Equal(0x6478696fUL, reader.ReadNumber());
        Assert.Equal(new ProtocolVersion(1, 38).ToWire(), reader.ReadNumber());
        if (minor >= 38)
        {
            Assert.Equal(0UL, reader.ReadNumber());
        }

        if (minor >= 33)
        {
            Assert.Equal("2.34.8", reader.ReadString());
        }

        if (minor >= 35)
        {
            Assert.Equal(1UL, reader.ReadNumber());
        }

        Assert.Equal(0x616c7473UL, reader.ReadNumber());
        return (reader, writer);
    }

    private static void SkipMessages(WireReader reader, WireWriter writer, Stream? upload = null)
    {
        writer.Flush();
        while (reader.ReadNumber() is var kind && kind != 0x616c7473UL)
        {
            switch (kind)
            {
                case 0x64617461UL:
                    var piece = new byte[Math.Min(7, (int)reader.ReadNumber())];
                    var count = upload!.Read(piece);
                    writer.Write(piece.AsSpan(0, count));
                    writer.Flush();
                    break;
                case 0x6f6c6d67UL:
                    reader.ReadString();
                    break;
                case 0x63787470UL:
                    Assert.Fail(Encoding.UTF8.GetString(reader.ReadBytes()));
                    break;
                default:
                    Assert.Fail($"unexpected message {kind:x}");
                    break;
            }
        }
    }
}
