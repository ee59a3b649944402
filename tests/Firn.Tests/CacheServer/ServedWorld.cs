using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Firn.Archive.Compression;
using Firn.Archive.Nars;
using Firn.CacheServer;
using Firn.CacheServer.Collecting;
using Firn.CacheServer.Http;
using Firn.CacheServer.Metadata;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Transfers;

namespace Firn.Tests.CacheServer;

/// <summary>A server with a private cache 'team' and a public one 'open', and a client that may do everything.</summary>
internal sealed class ServedWorld : IDisposable, IMessageLog
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpServer _server;

    public ServedWorld(DateTimeOffset? now = null)
    {
        Time = new SettableTime(now ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Folder = CacheFolder.Open($"{_folder.Path}/data", Time);
        Team = Folder.Metadata.Save(new NamedCache(0, "team") { SecretKey = CacheKeys.MakeFirst("team") });
        Open = Folder.Metadata.Save(new NamedCache(0, "open") { SecretKey = CacheKeys.MakeFirst("open"), IsPublic = true, Priority = 20 });
        Token = MakeToken(null, pull: true, push: true);
        _server = HttpServer.Start(Folder, new ServerOptions([new IPEndPoint(IPAddress.Loopback, 0)], null), Time, this);
        Client = Connect(Token);
    }

    public SettableTime Time { get; }

    public CacheFolder Folder { get; }

    public NamedCache Team { get; }

    public NamedCache Open { get; }

    public string Token { get; }

    public HttpClient Client { get; }

    /// <summary>What the client that pushes sends by.</summary>
    public HttpTransfers Transfers { get; } = new(new TransferSettings(), new Building.RecordingLog(), CancellationToken.None);

    public string Url => _server.Addresses[0];

    /// <summary>All that the server logged.</summary>
    public StringBuilder Logged { get; } = new();

    public static PathInfo Describe(string name, byte[] nar, params StorePath[] references) => new()
    {
        Path = StorePath.Of(Hash.Sha256(Encoding.UTF8.GetBytes(name)).Fold(20), name),
        NarHash = Hash.Sha256(nar),
        NarSize = nar.Length,
        References = [.. references.Order()],
    };

    /// <summary>Makes the NAR of one file.</summary>
    public static byte[] MakeNar(ReadOnlySpan<byte> content)
    {
        using var output = new MemoryStream();
        var writer = new NarWriter(output);
        writer.BeginFile(isExecutable: false, content.Length);
        writer.Write(content);
        writer.EndFile();
        writer.Finish();
        return output.ToArray();
    }

    public static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Compress(byte[] bytes, CompressionMethod method)
    {
        using var output = new MemoryStream();
        var compressed = CompressedStream.OpenWrite(output, method, leaveOpen: true);
        compressed.Write(bytes);
        if (method != CompressionMethod.None)
        {
            compressed.Dispose();
        }

        return output.ToArray();
    }

    public static byte[] Decompress(byte[] bytes, CompressionMethod method)
    {
        using var output = new MemoryStream();
        CompressedStream.OpenRead(new MemoryStream(bytes), method).CopyTo(output);
        return output.ToArray();
    }

    public string MakeToken(NamedCache? cache, bool pull, bool push)
    {
        var text = AccessToken.MakeText();
        Folder.Metadata.Save(new AccessToken(0, "test", AccessToken.DigestOf(text), cache?.Id, pull, push) { Created = Time.GetUtcNow() });
        return text;
    }

    public HttpClient Connect(string? token)
    {
        var client = new HttpClient { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public HttpResponseMessage Ask(HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.Add(name, value);
            }
        }

        return Client.Send(request);
    }

    public byte[] Get(string path)
    {
        using var response = Ask(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Bytes(response);
    }

    public string GetText(string path) => Encoding.UTF8.GetString(Get(path));

    public HttpStatusCode Status(HttpMethod method, string path, byte[]? body = null)
    {
        using var response = Ask(method, path, body);
        return response.StatusCode;
    }

    public static byte[] Bytes(HttpResponseMessage response)
    {
        using var body = new MemoryStream();
        response.Content.ReadAsStream().CopyTo(body);
        return body.ToArray();
    }

    /// <summary>Pushes an object as C++ Nix does.</summary>
    public void Push(string cache, PathInfo info, byte[] nar, CompressionMethod method = CompressionMethod.Xz)
    {
        var url = $"nar/{info.NarHash.Digest(HashFormat.Nix32)}.nar{method.Ending()}";
        Assert.Equal(HttpStatusCode.Created, Status(HttpMethod.Put, $"/{cache}/{url}", Compress(nar, method)));
        Assert.Equal(HttpStatusCode.Created, Status(HttpMethod.Put, $"/{cache}/{info.Path.Digest}.narinfo", NarInfoOf(info, url, method)));
    }

    public static byte[] NarInfoOf(PathInfo info, string url, CompressionMethod method) =>
        Encoding.UTF8.GetBytes(NarInfoText.Write(new NarInfo(info, url, method.Name(), null, 0), StoreDirectory.Default));

    public NarInfo Read(string cache, PathInfo info) =>
        NarInfoText.Read(GetText($"/{cache}/{info.Path.Digest}.narinfo"), StoreDirectory.Default, "test");

    /// <summary>Collects garbage, and whatever nobody asked for within <paramref name="retention"/>.</summary>
    public CollectionResult Collect(TimeSpan? retention) =>
        new CacheCollector(Folder.Metadata, Folder.Blobs, Time, this) { Grace = TimeSpan.FromMinutes(-1) }.Collect(retention, isDry: false, CancellationToken.None);

    /// <summary>Collects as another process does, beside the server.</summary>
    public CollectionResult CollectApart(TimeSpan? retention)
    {
        using var folder = CacheFolder.Open($"{_folder.Path}/data", Time);
        folder.AwaitUse(CancellationToken.None);
        return new CacheCollector(folder.Metadata, folder.Blobs, Time, this) { Grace = TimeSpan.FromMinutes(-1) }.Collect(retention, isDry: false, CancellationToken.None);
    }

    /// <summary>Where the archives' bytes are.</summary>
    public string BlobFolder => $"{_folder.Path}/data/blobs";

    /// <summary>Counts what lies on the disk beside the metadata.</summary>
    public (int Files, long Bytes) Disk()
    {
        var files = new DirectoryInfo(BlobFolder).GetFiles("*", SearchOption.AllDirectories);
        return (files.Length, files.Sum(f => f.Length));
    }

    public bool Shows(Verbosity level) => true;

    public void Write(Verbosity level, string message)
    {
        lock (Logged)
        {
            Logged.AppendLine(message);
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Transfers.Dispose();
        _server.Dispose();
        Folder.Dispose();
        _folder.Dispose();
    }

    internal sealed class SettableTime(DateTimeOffset start) : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override DateTimeOffset GetUtcNow() => start + Passed;
    }
}
