using System.Net;
using Firn.Archive.Compression;
using Firn.CacheServer;
using Firn.Model.Signing;
using Firn.Model.StorePaths;

namespace Firn.Tests.CacheServer;

public sealed class CacheCollectorTests : IDisposable
{
    private readonly ServedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_nobody_asked_for_goes_from_cache_and_disk_and_the_rest_is_served_on()
    {
        var common = ServedWorld.Noise(500_000, 1);
        var oldNar = ServedWorld.MakeNar([.. common, .. ServedWorld.Noise(2_000_000, 2)]);
        var newNar = ServedWorld.MakeNar(common);
        var old = ServedWorld.Describe("old", oldNar);
        var kept = ServedWorld.Describe("kept", newNar);
        _world.Push("team", old, oldNar);
        _world.Push("team", kept, newNar);
        var before = _world.Disk();

        Assert.Equal(0, _world.Collect(TimeSpan.FromDays(30)).Paths);
        _world.Time.Passed = TimeSpan.FromDays(31);
        _world.Get($"/team/{kept.Path.Digest}.narinfo");
        _world.GetText("/team/");
        var result = _world.Collect(TimeSpan.FromDays(30));

        Assert.Equal(1, result.Paths);
        Assert.InRange(result.Bytes, 1_500_000, before.Bytes);
        Assert.Equal(before.Bytes - result.Bytes, _world.Disk().Bytes);
        // The server learns of it although it was another that collected, and finds the chunks where they are now.
        Assert.Equal(newNar, ServedWorld.Decompress(_world.Get($"/team/{_world.Read("team", kept).Url}"), CompressionMethod.Zstd));
    }

    [Fact]
    public void What_is_gone_gives_its_room_on_the_disk_back_although_it_was_served()
    {
        var nar = ServedWorld.MakeNar(ServedWorld.Noise(900_000, 1));
        var info = ServedWorld.Describe("old", nar);
        _world.Push("team", info, nar);
        _world.Get($"/team/{_world.Read("team", info).Url}");
        Assert.Contains(OpenFiles(), f => f.StartsWith(_world.BlobFolder, StringComparison.Ordinal));
        _world.GetText("/team/");

        _world.Time.Passed = TimeSpan.FromDays(31);
        Assert.Equal(1, _world.CollectApart(TimeSpan.FromDays(30)).Paths);

        // The server looks for changes by others four times a second.
        Assert.True(SpinWait.SpinUntil(
            () => !OpenFiles().Any(f => f.StartsWith(_world.BlobFolder, StringComparison.Ordinal)), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void What_was_asked_for_a_moment_ago_stays_although_only_the_server_knows_of_it()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("wanted", nar);
        _world.Push("team", info, nar);
        _world.Time.Passed = TimeSpan.FromDays(31);
        _world.Get($"/team/{info.Path.Digest}.narinfo");

        Assert.Equal(0, _world.CollectApart(TimeSpan.FromDays(30)).Paths);
        _world.Time.Passed = TimeSpan.FromDays(62);
        Assert.Equal(1, _world.CollectApart(TimeSpan.FromDays(30)).Paths);
    }

    [Fact]
    public void What_was_pushed_within_the_grace_period_stays_however_short_the_retention_is()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("new", nar);
        _world.Push("team", info, nar);
        _world.Time.Passed = TimeSpan.FromMinutes(50);
        var collector = new Firn.CacheServer.Collecting.CacheCollector(_world.Folder.Metadata, _world.Folder.Blobs, _world.Time, _world);

        Assert.Equal(0, collector.Collect(TimeSpan.Zero, isDry: false, CancellationToken.None).Paths);
        _world.Time.Passed = TimeSpan.FromMinutes(70);
        Assert.Equal(1, collector.Collect(TimeSpan.Zero, isDry: false, CancellationToken.None).Paths);
    }

    [Fact]
    public void Without_retention_nothing_goes_but_what_nothing_needs()
    {
        var nar = ServedWorld.MakeNar(ServedWorld.Noise(300_000, 1));
        var info = ServedWorld.Describe("kept", nar);
        _world.Push("team", info, nar);
        var before = _world.Disk();
        Assert.Equal(HttpStatusCode.Created, _world.Status(HttpMethod.Put, "/team/nar/orphan.nar", ServedWorld.MakeNar(ServedWorld.Noise(300_000, 2))));

        _world.Time.Passed = TimeSpan.FromDays(1000);
        Assert.Equal(0, _world.Collect(null).Paths);
        Assert.Equal(before, _world.Disk());
        Assert.Equal(nar, ServedWorld.Decompress(_world.Get($"/team/{_world.Read("team", info).Url}"), CompressionMethod.Zstd));
    }

    [Fact]
    public void A_new_key_signs_what_is_there_and_the_old_signatures_stay()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("x", nar);
        _world.Push("team", info, nar);
        var changed = CacheKeys.Exchange(_world.Folder.Metadata, _world.Team, null, CancellationToken.None);

        var path = _world.Folder.Metadata.FindPath(changed, info.Path.Digest)!;
        var signed = Firn.Model.PathInfos.NarInfoText.Read(path.NarInfo, StoreDirectory.Default, "test").Info;
        using var old = SecretKey.Parse(_world.Team.SecretKey);
        using var key = SecretKey.Parse(changed.SecretKey);
        Assert.Equal("team-2", key.Name);
        Assert.Equal(2, signed.CountSignatures(StoreDirectory.Default, [old.PublicKey, key.PublicKey]));
    }

    private static IEnumerable<string> OpenFiles() => Directory.EnumerateFiles("/proc/self/fd")
        .Select(f => new FileInfo(f).LinkTarget)
        .OfType<string>()
        .ToList();
}
