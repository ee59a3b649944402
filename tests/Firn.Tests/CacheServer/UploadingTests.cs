using System.Net;
using System.Net.Sockets;
using System.Text;
using Firn.Archive.Compression;
using Firn.CacheServer;
using Firn.CacheServer.Pushing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Tests.CacheServer;

public sealed class UploadingTests : IDisposable
{
    private readonly ServedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void An_object_is_taken_only_with_all_that_it_needs()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var library = ServedWorld.Describe("library", nar);
        var program = ServedWorld.Describe("program", nar, library.Path);
        var narInfo = ServedWorld.NarInfoOf(program, "nar/x.nar", CompressionMethod.None);
        Assert.Equal(HttpStatusCode.Conflict, _world.Status(HttpMethod.Put, $"/team/{program.Path.Digest}.narinfo", narInfo));
        Assert.Equal(HttpStatusCode.Created, _world.Status(HttpMethod.Put, "/team/nar/x.nar", nar));
        Assert.Equal(HttpStatusCode.Conflict, _world.Status(HttpMethod.Put, $"/team/{program.Path.Digest}.narinfo", narInfo));
        _world.Push("team", library, nar);
        Assert.Equal(HttpStatusCode.Created, _world.Status(HttpMethod.Put, $"/team/{program.Path.Digest}.narinfo", narInfo));
        // What another cache has says nothing about this one.
        Assert.Equal(HttpStatusCode.Conflict, _world.Status(HttpMethod.Put, $"/open/{library.Path.Digest}.narinfo", ServedWorld.NarInfoOf(library, "nar/x.nar", CompressionMethod.None)));
        Assert.Equal(HttpStatusCode.NotFound, _world.Status(HttpMethod.Get, $"/open/{_world.Read("team", library).Url}"));
    }

    [Fact]
    public void What_is_not_what_it_claims_to_be_is_refused()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("x", nar);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(HttpMethod.Put, "/team/nar/x.nar", [.. nar, 0]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(HttpMethod.Put, "/team/nar/x.nar", nar[..^8]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(HttpMethod.Put, "/team/nar/x.nar.xz", nar));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, _world.Status(HttpMethod.Put, "/team/nar/x.rar", nar));
        Assert.Equal(HttpStatusCode.Created, _world.Status(HttpMethod.Put, "/team/nar/x.nar", nar));
        var wrong = info with { NarHash = Firn.Model.Hashing.Hash.Sha256("y"u8) };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(HttpMethod.Put, $"/team/{info.Path.Digest}.narinfo", ServedWorld.NarInfoOf(wrong, "nar/x.nar", CompressionMethod.None)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(HttpMethod.Put, "/team/00000000000000000000000000000000.narinfo", ServedWorld.NarInfoOf(info, "nar/x.nar", CompressionMethod.None)));
        Assert.Equal(HttpStatusCode.NotFound, _world.Status(HttpMethod.Get, $"/team/{info.Path.Digest}.narinfo"));
    }

    [Fact]
    public void What_would_trouble_other_clients_is_refused()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("x", nar);
        _world.Push("team", info, nar);
        var served = _world.Read("team", info);
        var narInfo = $"/team/{info.Path.Digest}.narinfo";
        HttpStatusCode Put(NarInfo sent) => _world.Status(HttpMethod.Put, narInfo, Encoding.UTF8.GetBytes(NarInfoText.Write(sent, StoreDirectory.Default)));
        Assert.Equal(HttpStatusCode.Created, Put(served));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, Put(served with { Info = info with { Signatures = ["foo"] } }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, Put(served with { Info = info with { Signatures = ["key-1:AAAA"] } }));
        var many = Enumerable.Range(0, 100).Select(i => $"key-{i}:{served.Info.Signatures[0].Split(':')[1]}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, Put(served with { Info = info with { Signatures = [.. many] } }));
        var address = Firn.Model.ContentAddresses.ContentAddress.Parse($"fixed:r:{info.NarHash}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, Put(served with { Info = info with { ContentAddress = address } }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, Put(served with { FileSize = served.FileSize + 1 }));
        var named = info with { ContentAddress = address, Path = StoreDirectory.Default.MakeContentAddressed("x", address, []) };
        _world.Push("team", named, nar);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(HttpMethod.Put, "/team/debuginfo/aa.debug", "abc"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Created, _world.Status(HttpMethod.Put, "/team/debuginfo/aa.debug", """{"archive":"x","member":"y"}"""u8.ToArray()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(
            HttpMethod.Put, $"/team/realisations/sha256:{new string('a', 64)}!out.doi",
            Encoding.UTF8.GetBytes($$"""{"id":"sha256:{{new string('a', 64)}}!out","outPath":"{{info.Path}}","signatures":["foo"]}""")));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void A_damaged_encoding_is_the_clients_fault(string encoding)
    {
        var garbage = ServedWorld.Noise(1000, 9);
        var digest = new string('0', 32);
        foreach (var path in (string[])[$"/team/log/{digest}-x.drv", $"/team/{digest}.narinfo"])
        {
            using var response = _world.Ask(HttpMethod.Put, path, garbage, ("Content-Encoding", encoding));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        }

        var ending = Firn.CacheServer.Http.UploadName.MethodOfEncoding(encoding)!.Value.Ending();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _world.Status(HttpMethod.Put, $"/team/nar/x.nar{ending}", garbage));
    }

    [Fact]
    public void Nobody_else_may_read_what_a_server_keeps_in_a_folder_that_was_there_before()
    {
        using var here = new TemporaryFolder();
        var data = Directory.CreateDirectory($"{here.Path}/data").FullName;
        File.SetUnixFileMode(data, (UnixFileMode)Convert.ToInt32("755", 8));
        using (var folder = CacheFolder.Open(data, TimeProvider.System))
        {
            folder.Metadata.Save(new Firn.CacheServer.Metadata.NamedCache(0, "team") { SecretKey = CacheKeys.MakeFirst("team") });
            AssertPrivate();
        }

        // One that an earlier version left open is closed.
        File.SetUnixFileMode($"{data}/metadata.sqlite", (UnixFileMode)Convert.ToInt32("644", 8));
        using (var folder = CacheFolder.Open(data, TimeProvider.System))
        {
            AssertPrivate();
        }

        void AssertPrivate()
        {
            foreach (var file in Directory.GetFileSystemEntries(data))
            {
                Assert.True(((int)File.GetUnixFileMode(file) & Convert.ToInt32("077", 8)) == 0, $"{file}: {File.GetUnixFileMode(file)}");
            }
        }
    }

    [Fact]
    public void An_upload_that_breaks_off_leaves_nothing()
    {
        var nar = ServedWorld.MakeNar(ServedWorld.Noise(3_000_000, 4));
        using (var client = new TcpClient())
        {
            client.Connect(new Uri(_world.Url).Host, new Uri(_world.Url).Port);
            client.Client.Send(Encoding.ASCII.GetBytes(
                $"PUT /team/nar/x.nar HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_world.Token}\r\nContent-Length: {nar.Length}\r\n\r\n"));
            client.Client.Send(nar.AsSpan(0, 2_000_000));
            SpinWait.SpinUntil(() => _world.Disk().Files > 0, TimeSpan.FromSeconds(10));
        }

        Assert.True(SpinWait.SpinUntil(() => _world.Disk().Files == 0, TimeSpan.FromSeconds(10)));
        Assert.Equal(HttpStatusCode.NotFound, _world.Status(HttpMethod.Head, "/team/nar/x.nar"));
    }

    [Fact]
    public void Many_upload_at_once_and_the_disk_has_each_chunk_about_once()
    {
        var common = ServedWorld.Noise(2_000_000, 5);
        var objects = Enumerable.Range(0, 12).Select(i =>
        {
            var nar = ServedWorld.MakeNar([.. common, .. ServedWorld.Noise(1000, i)]);
            return (Nar: nar, Info: ServedWorld.Describe($"object-{i}", nar));
        }).ToList();
        _world.Push("team", objects[0].Info, objects[0].Nar, CompressionMethod.None);
        Parallel.ForEach(objects, new ParallelOptions { MaxDegreeOfParallelism = 6 }, o => _world.Push("team", o.Info, o.Nar, CompressionMethod.None));

        Assert.All(objects, o => Assert.Equal(
            o.Nar, ServedWorld.Decompress(_world.Get($"/team/{_world.Read("team", o.Info).Url}"), CompressionMethod.Zstd)));
        Assert.InRange(_world.Disk().Bytes, 2_000_000, 6_000_000);
    }

    [Fact]
    public void A_token_allows_what_it_says_and_nothing_else()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("x", nar);
        _world.Push("team", info, nar);
        var narInfo = $"/team/{info.Path.Digest}.narinfo";
        var url = $"/team/{_world.Read("team", info).Url}";
        HttpStatusCode As(string? token, HttpMethod method, string path)
        {
            using var client = _world.Connect(token);
            using var response = client.Send(new HttpRequestMessage(method, path) { Content = method == HttpMethod.Put ? new ByteArrayContent(nar) : null });
            return response.StatusCode;
        }

        var puller = _world.MakeToken(_world.Team, pull: true, push: false);
        var pusher = _world.MakeToken(_world.Team, pull: false, push: true);
        var stranger = _world.MakeToken(_world.Open, pull: true, push: true);
        Assert.Equal(HttpStatusCode.Unauthorized, As(null, HttpMethod.Get, narInfo));
        Assert.Equal(HttpStatusCode.Unauthorized, As("firn_wrong", HttpMethod.Get, narInfo));
        Assert.Equal(HttpStatusCode.Forbidden, As(stranger, HttpMethod.Get, narInfo));
        Assert.Equal(HttpStatusCode.OK, As(puller, HttpMethod.Get, url));
        Assert.Equal(HttpStatusCode.Forbidden, As(puller, HttpMethod.Put, "/team/nar/y.nar"));
        Assert.Equal(HttpStatusCode.Created, As(pusher, HttpMethod.Put, "/team/nar/y.nar"));
        Assert.Equal(HttpStatusCode.OK, As(pusher, HttpMethod.Get, narInfo));
        Assert.Equal(HttpStatusCode.Forbidden, As(pusher, HttpMethod.Get, url));
        Assert.Equal(HttpStatusCode.Unauthorized, As(null, HttpMethod.Put, "/open/nar/y.nar"));

        var kept = _world.Folder.Metadata.ListTokens().First(t => t.Digest == Firn.CacheServer.Metadata.AccessToken.DigestOf(puller));
        // As another process would.
        using (var other = new Firn.CacheServer.Metadata.SqliteMetadata($"{_world.Folder.Path}/metadata.sqlite", _world.Time))
        {
            other.Save(kept with { Revoked = _world.Time.GetUtcNow() });
        }

        Assert.True(SpinWait.SpinUntil(() => As(puller, HttpMethod.Get, url) == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10)));
        foreach (var token in new[] { puller, pusher, stranger, _world.Token })
        {
            Assert.DoesNotContain(token, _world.Logged.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(token, Encoding.Latin1.GetString(ReadShared($"{_world.Folder.Path}/metadata.sqlite-wal")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_push_sends_only_what_is_missing_and_goes_on_where_it_was_interrupted()
    {
        var store = new MemoryStore();
        var common = ServedWorld.Noise(6_000_000, 7);
        var library = store.Add("library", ServedWorld.MakeNar(common));
        var program = store.Add("program", ServedWorld.MakeNar([.. common[..5_000_000], .. ServedWorld.Noise(50_000, 8), .. common[5_000_000..]]), library);
        var client = new CacheClient($"{_world.Url}/team", _world.Token, _world.Transfers);
        var pusher = new CachePusher(client, store, store, StoreDirectory.Default, _world);

        store.FailsAfter = 5_500_000;
        Assert.ThrowsAny<CacheServerException>(() => pusher.Push([library, program], CancellationToken.None));
        Assert.Equal(HttpStatusCode.NotFound, _world.Status(HttpMethod.Get, $"/team/{library.Digest}.narinfo"));
        store.FailsAfter = long.MaxValue;
        var first = pusher.Push([library, program], CancellationToken.None);
        Assert.Equal(2, first.Pushed);
        Assert.InRange(first.BytesSent, 100_000, 4_000_000);
        Assert.Equal(new PushResult(0, 2, 0), pusher.Push([library, program], CancellationToken.None));
        Assert.Equal(
            store.Nars[program], ServedWorld.Decompress(_world.Get($"/team/{_world.Read("team", store.Find(program)!).Url}"), CompressionMethod.Zstd));
    }

    [Fact]
    public void A_server_that_never_answers_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = new Firn.Transfers.TransferSettings { StalledDownloadTimeout = TimeSpan.FromMilliseconds(300), DownloadAttempts = 2 };
        using var transfers = new Firn.Transfers.HttpTransfers(settings, new Building.RecordingLog(), TestContext.Current.CancellationToken);
        var client = new CacheClient($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/team", "firn_x", transfers);

        Assert.Contains("does not answer", Assert.Throws<CacheServerException>(client.FindStoreDirectory).Message, StringComparison.Ordinal);
        Assert.Contains("does not answer", Assert.Throws<CacheServerException>(() => client.FindMissingPaths(["x"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_token_the_login_for_the_server_counts()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText($"{folder.Path}/netrc", $"machine 127.0.0.1 login anybody password {_world.Token}\n");
        using var transfers = new Firn.Transfers.HttpTransfers(
            new Firn.Transfers.TransferSettings { NetrcFile = $"{folder.Path}/netrc" }, new Building.RecordingLog(), TestContext.Current.CancellationToken);

        Assert.Equal(["x"], new CacheClient($"{_world.Url}/team", null, transfers).FindMissingPaths(["x"]));
        var refusal = Assert.Throws<CacheServerException>(() => new CacheClient($"{_world.Url}/team", null, _world.Transfers).GetConfiguration());
        Assert.Contains(refusal.Diagnostic.Hints, h => h.Contains("firn cache login", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_output_became_is_pushed_with_it()
    {
        var store = new MemoryStore();
        var path = store.Add("floating", ServedWorld.MakeNar("x"u8));
        var realisation = new Firn.Model.Realisations.Realisation(Firn.Model.Realisations.DrvOutput.Parse($"sha256:{new string('b', 64)}!out"), path);
        var client = new CacheClient($"{_world.Url}/team", _world.Token, _world.Transfers);
        new CachePusher(client, store, store, StoreDirectory.Default, _world) { RealisationsOf = _ => [realisation] }.Push([path], CancellationToken.None);

        Assert.Contains(path.ToString(), _world.GetText($"/team/realisations/{realisation.Id}.doi"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_stops_what_needs_the_object_and_nothing_else()
    {
        var store = new MemoryStore();
        var bad = store.Add("bad", ServedWorld.MakeNar("bad"u8));
        var above = store.Add("above", ServedWorld.MakeNar("above"u8), bad);
        var good = store.Add("good", ServedWorld.MakeNar("good"u8));
        store.Broken = bad;
        var client = new CacheClient($"{_world.Url}/team", _world.Token, _world.Transfers);

        Assert.ThrowsAny<CacheServerException>(() =>
            new CachePusher(client, store, store, StoreDirectory.Default, _world).Push([above, bad, good], CancellationToken.None));
        Assert.Equal(HttpStatusCode.OK, _world.Status(HttpMethod.Get, $"/team/{good.Digest}.narinfo"));
        Assert.Equal(HttpStatusCode.NotFound, _world.Status(HttpMethod.Get, $"/team/{above.Digest}.narinfo"));
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private sealed class MemoryStore : IPathInfoSource, INarSource
    {
        private readonly Dictionary<StorePath, PathInfo> _infos = [];

        public Dictionary<StorePath, byte[]> Nars { get; } = [];

        public long FailsAfter { get; set; } = long.MaxValue;

        public StorePath? Broken { get; set; }

        public StorePath Add(string name, byte[] nar, params StorePath[] references)
        {
            var info = ServedWorld.Describe(name, nar, references);
            (_infos[info.Path], Nars[info.Path]) = (info, nar);
            return info.Path;
        }

        public PathInfo? Find(StorePath path) => _infos.GetValueOrDefault(path);

        public bool IsValid(StorePath path) => _infos.ContainsKey(path);

        public IEnumerable<StorePath> ListAll() => _infos.Keys.Order();

        public StorePath? FindByDigest(string digest) => _infos.Keys.FirstOrDefault(p => p.Digest == digest);

        public void WriteNar(StorePath path, Stream output)
        {
            var nar = path.Equals(Broken) ? Nars[path][..^1] : Nars[path];
            output.Write(nar.AsSpan(0, (int)Math.Min(nar.Length, FailsAfter)));
            if (nar.Length > FailsAfter)
            {
                throw new IOException("the disk failed");
            }
        }
    }
}
