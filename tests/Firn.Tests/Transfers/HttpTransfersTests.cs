using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Firn.Model.Diagnostics;
using Firn.Tests.Building;
using Firn.Transfers;

namespace Firn.Tests.Transfers;

public sealed class HttpTransfersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebServer _server = new();
    private readonly RecordingLog _log = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);
    private HttpTransfers _transfers;

    public HttpTransfersTests()
    {
        _server.Files["/file"] = _content;
        _transfers = Make(new TransferSettings());
    }

    public void Dispose()
    {
        _transfers.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_download_that_breaks_off_goes_on_from_where_it_came_to()
    {
        _server.Misbehave = WebServer.First(1, _ => new WebReply(200, _content) { CutAfter = 100_000, Headers = [("ETag", $"\"{_content.Length}\"")] });

        Assert.Equal(_content, Get("/file"));
        Assert.Equal(2, _server.Requests.Count);
        Assert.StartsWith("bytes=", _server.Requests.Last().Headers["range"], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_server_that_cannot_begin_in_the_middle_what_is_known_is_passed_over()
    {
        _server.HasRanges = false;
        _server.Misbehave = WebServer.First(1, _ => new WebReply(200, _content) { CutAfter = 100_000, Headers = [("ETag", $"\"{_content.Length}\"")] });

        Assert.Equal(_content, Get("/file"));
    }

    [Fact]
    public void A_file_that_changes_meanwhile_is_not_put_together_from_both()
    {
        _server.Misbehave = WebServer.First(1, _ => new WebReply(200, _content) { CutAfter = 100_000, Headers = [("ETag", "\"old\"")] });

        Assert.Contains("has changed", Assert.Throws<TransferException>(() => Get("/file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_download_that_stands_still_is_begun_again()
    {
        _transfers = Make(new TransferSettings { StalledDownloadTimeout = TimeSpan.FromMilliseconds(200) });
        _server.Misbehave = WebServer.First(1, _ => new WebReply(200, _content)
        {
            CutAfter = 1000, StallAfterCut = TimeSpan.FromSeconds(5), Headers = [("ETag", $"\"{_content.Length}\"")],
        });

        Assert.Equal(_content, Get("/file"));
        Assert.Contains(_log.Messages, m => m.Level == Verbosity.Warning && m.Text.Contains("retrying", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public void What_a_server_says_in_passing_is_asked_again(int status)
    {
        _server.Misbehave = WebServer.First(1, _ => new WebReply(status, []) { Headers = [("Retry-After", "0")] });

        Assert.Equal(_content, Get("/file"));
    }

    [Fact]
    public void A_server_that_goes_on_failing_is_given_up_after_the_attempts_allowed()
    {
        _transfers = Make(new TransferSettings { DownloadAttempts = 2 });
        _server.Misbehave = _ => new WebReply(500, "no idea"u8.ToArray());

        var failure = Assert.Throws<TransferException>(() => Get("/file"));

        Assert.Equal(TransferFailure.Broken, failure.Failure);
        Assert.Contains("HTTP error 500", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no idea", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Theory]
    [InlineData(404, TransferFailure.NotFound)]
    [InlineData(403, TransferFailure.Forbidden)]
    [InlineData(400, TransferFailure.Refused)]
    public void What_will_not_change_is_asked_once(int status, TransferFailure failure)
    {
        _server.Misbehave = _ => new WebReply(status, []);

        Assert.Equal(failure, Assert.Throws<TransferException>(() => Get("/file")).Failure);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void A_dead_server_costs_no_second_attempt_where_others_can_be_asked()
    {
        var dead = new WebServer();
        dead.Dispose();

        var failure = Assert.Throws<TransferException>(() => _transfers.Get(new TransferRequest(new Uri($"{dead.Url}/x")) { RetriesConnecting = false }));

        Assert.Equal(TransferFailure.Unreachable, failure.Failure);
        Assert.DoesNotContain(_log.Messages, m => m.Level == Verbosity.Warning);
    }

    [Fact]
    public void A_server_that_says_nothing_costs_no_more_than_the_patience_there_is()
    {
        _server.Misbehave = _ => new WebReply(200, []) { SaysNothing = TimeSpan.FromSeconds(20) };
        var watch = Stopwatch.StartNew();

        var failure = Assert.Throws<TransferException>(() => _transfers.Get(
            new TransferRequest(new Uri($"{_server.Url}/file")) { RetriesConnecting = false, Patience = TimeSpan.FromMilliseconds(300) }));

        Assert.Equal(TransferFailure.Unreachable, failure.Failure);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.2, 10);
    }

    [Fact]
    public void What_is_compressed_on_the_way_comes_as_it_was_even_when_the_connection_breaks()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(_content);
        }

        var sent = 0;
        _server.Misbehave = request => new WebReply(200, packed.ToArray())
        {
            Headers = [("Content-Encoding", "gzip")], CutAfter = Interlocked.Increment(ref sent) == 1 ? 5000 : null,
        };

        Assert.Equal(_content, Get("/file"));
    }

    [Theory]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("deflate", false)]
    [InlineData("br")]
    [InlineData("gzip, deflate")]
    public void Each_encoding_is_undone_whatever_its_case(string encoding, bool hasHeader = true)
    {
        var body = encoding.ToLowerInvariant().Split(", ").Aggregate(_content, (content, name) => Pack(content, to => name switch
        {
            "br" => new BrotliStream(to, CompressionMode.Compress, leaveOpen: true),
            "deflate" when hasHeader => new ZLibStream(to, CompressionMode.Compress, leaveOpen: true),
            "deflate" => new DeflateStream(to, CompressionMode.Compress, leaveOpen: true),
            _ => new GZipStream(to, CompressionMode.Compress, leaveOpen: true),
        }));
        _server.Misbehave = _ => new WebReply(200, body) { Headers = [("Content-Encoding", encoding)] };

        Assert.Equal(_content, Get("/file"));

        _server.Misbehave = _ => new WebReply(200, body[..^9]) { Headers = [("Content-Encoding", encoding)] };
        Assert.Contains($"is not '{encoding}'", Assert.Throws<TransferException>(() => Get("/file")).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("rot13")]
    public void A_body_that_is_not_encoded_as_it_says_is_an_error_of_the_transfer(string encoding)
    {
        _server.Misbehave = _ => new WebReply(200, "hello"u8.ToArray()) { Headers = [("Content-Encoding", encoding)] };

        var failure = Assert.Throws<TransferException>(() => Get("/file"));

        Assert.Equal(TransferFailure.Refused, failure.Failure);
        Assert.StartsWith($"unable to download '{_server.Url}/file': ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_begins_elsewhere_than_asked_is_not_taken()
    {
        var sent = 0;
        _server.Misbehave = request => Interlocked.Increment(ref sent) == 1
            ? new WebReply(200, _content) { CutAfter = 100_000, Headers = [("ETag", $"\"{_content.Length}\"")] }
            : request.Headers.ContainsKey("range") ? WebReply.Part(_content, 7, $"\"{_content.Length}\"") : null;

        Assert.Equal(_content, Get("/file"));
        Assert.DoesNotContain("range", _server.Requests.Last().Headers.Keys);
    }

    [Theory]
    [InlineData("", "the server closed the connection without an answer")]
    [InlineData("hello\r\n\r\n", "not as HTTP wants it: .*hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nhello", "'abc' is the length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "the connection was closed after 5 of 9 bytes")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello", "the connection was closed after 5 bytes, before the end")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello", "not as HTTP wants it: .*78-79-7A")]
    public void What_breaks_is_told_in_a_sentence(string answer, string expected)
    {
        _transfers = Make(new TransferSettings { DownloadAttempts = 1 });
        _server.Misbehave = _ => new WebReply(200, []) { Raw = System.Text.Encoding.ASCII.GetBytes(answer) };

        Assert.Matches(expected, Assert.Throws<TransferException>(() => Get("/file")).Message);
    }

    [Fact]
    public void Why_a_server_is_not_trusted_is_told()
    {
        using TlsServer unknown = new(), foreign = new("other.example.org"), expired = new(days: -3);
        var authorities = $"{_folder.Path}/certificates";
        File.WriteAllText(authorities, foreign.Certificate + "\n" + expired.Certificate);
        var settings = new TransferSettings { SslCertFile = authorities, DownloadAttempts = 1 };

        Assert.Contains($"its issuer 'CN=localhost' is none of the authorities in '{authorities}'", Fail(settings, unknown.Url), StringComparison.Ordinal);
        Assert.Contains("it is for 'other.example.org', not for 'localhost'", Fail(settings, foreign.Url), StringComparison.Ordinal);
        Assert.Contains("has expired", Fail(settings, expired.Url), StringComparison.Ordinal);
        Assert.Contains("does not speak TLS", Fail(settings, AnswerAtOnce("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray())), StringComparison.Ordinal);
        Assert.Contains("'/tmp/nope'", Fail(settings with { SslCertFile = "/tmp/nope" }, unknown.Url), StringComparison.Ordinal);

        // Without TLS nobody asks for authorities.
        _transfers = Make(settings with { SslCertFile = "/tmp/nope" });
        Assert.Equal(_content, Get("/file"));
    }

    [Fact]
    public void Headers_are_for_the_server_that_is_asked_and_not_for_where_it_sends_us()
    {
        using var other = new WebServer();
        other.Files["/there"] = _content;
        _server.Misbehave = _ => new WebReply(302, []) { Headers = [("Location", $"{other.Url}/there")] };

        using var response = _transfers.Get(new TransferRequest(new Uri($"{_server.Url}/file")) { Headers = [new("X-Token", "s3cret")] });

        Assert.Equal($"{other.Url}/there", response.Urls[^1]);
        Assert.Equal("s3cret", _server.Requests.Single().Headers["x-token"]);
        Assert.DoesNotContain("x-token", other.Requests.Single().Headers.Keys);
    }

    [Fact]
    public void A_redirect_leads_nowhere_but_to_other_servers()
    {
        _server.Misbehave = _ => new WebReply(302, []) { Headers = [("Location", "file:///etc/passwd")] };

        Assert.Contains("only http and https", Assert.Throws<TransferException>(() => Get("/file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Redirects_in_a_circle_end()
    {
        _server.Misbehave = _ => new WebReply(302, []) { Headers = [("Location", "/file")] };

        Assert.Contains("redirect", Assert.Throws<TransferException>(() => Get("/file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logins_are_read_again_when_their_files_change()
    {
        var (netrc, tokens) = ($"{_folder.Path}/netrc", $"{_folder.Path}/tokens");
        _transfers = Make(new TransferSettings { NetrcFile = netrc, BearerTokensFile = tokens });

        Get("/file");
        File.WriteAllText(netrc, "machine 127.0.0.1 login me password first");
        Get("/file");
        File.WriteAllText(netrc, "machine 127.0.0.1 login me password other1");
        Get("/file");
        File.WriteAllText(tokens, "# for the cache\n127.0.0.1 abc\n");
        Get("/file");

        Assert.Equal(
            [null, Basic("me:first"), Basic("me:other1"), "Bearer abc"],
            _server.Requests.Select(r => r.Headers.GetValueOrDefault("authorization")));
    }

    [Fact]
    public void A_word_of_a_netrc_file_may_be_quoted()
    {
        var netrc = Netrc.Parse("""
            # machine a login x password y
            machine a login u password "p q\"x\t\\"
            macdef init
            machine b login u password no

            machine c login "l m" password #1
            """);

        Assert.Equal("u:p q\"x\t\\", netrc.Find("a"));
        Assert.Null(netrc.Find("b"));
        Assert.Equal("l m:#1", netrc.Find("c"));
    }

    [Fact]
    public void A_server_whose_certificate_nobody_trusts_is_told_nothing()
    {
        using var server = new TlsServer();
        File.WriteAllText($"{_folder.Path}/netrc", "default login me password secret");
        File.WriteAllText($"{_folder.Path}/certificates", server.Certificate);
        var settings = new TransferSettings { NetrcFile = $"{_folder.Path}/netrc", DownloadAttempts = 1 };
        _transfers = Make(settings);

        Assert.Throws<TransferException>(() => _transfers.Get(new TransferRequest(new Uri($"{server.Url}/file"))));
        Assert.Empty(server.Requests);

        // That nothing came was for the certificate alone.
        _transfers = Make(settings with { SslCertFile = $"{_folder.Path}/certificates" });
        using (_transfers.Get(new TransferRequest(new Uri($"{server.Url}/file"))))
        {
            Assert.Contains("Authorization: Basic", Assert.Single(server.Requests), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void No_token_is_ever_told()
    {
        File.WriteAllText($"{_folder.Path}/tokens", "127.0.0.1 t0ken-in-file");
        _transfers = Make(new TransferSettings { BearerTokensFile = $"{_folder.Path}/tokens", DownloadAttempts = 2 });
        _server.Misbehave = _ => new WebReply(500, []);
        var url = _server.Url.Replace("://", "://user:t0ken-in-url@", StringComparison.Ordinal);

        var failures = new[]
        {
            Assert.Throws<TransferException>(() => _transfers.Get(new TransferRequest(new Uri($"{url}/x")) { IsShown = true, Headers = [new("X", "t0ken-in-header")] })),
            Assert.Throws<TransferException>(() => Get("/x")),
        };

        Assert.Equal(4, _server.Requests.Count);
        Assert.All(failures.Select(f => f.ToString()).Concat(_log.Messages.Select(m => m.Text)).Concat(_log.Events.Select(e => e.Text)),
            text => Assert.DoesNotContain("t0ken", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Uploads_arrive_whole_also_at_the_second_attempt()
    {
        _server.Misbehave = WebServer.First(1, _ => new WebReply(503, []));

        _transfers.Send(new TransferRequest(new Uri($"{_server.Url}/new"))
        {
            Method = HttpMethod.Put, Content = new TransferContent(() => new MemoryStream(_content), _content.Length, "text/plain"),
        }).Dispose();

        Assert.Equal(_content, _server.Files["/new"]);
        Assert.True(_transfers.Exists(new TransferRequest(new Uri($"{_server.Url}/new"))));
        Assert.False(_transfers.Exists(new TransferRequest(new Uri($"{_server.Url}/other"))));
    }

    private static byte[] Pack(byte[] content, Func<Stream, Stream> open)
    {
        var packed = new MemoryStream();
        using (var packing = open(packed))
        {
            packing.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>Answers the first byte of whatever comes, as a web server does that is spoken to in TLS.</summary>
    private static string AnswerAtOnce(byte[] answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        new Thread(() =>
        {
            using var client = listener.AcceptTcpClient();
            client.GetStream().ReadByte();
            client.GetStream().Write(answer);
            listener.Dispose();
        }) { IsBackground = true }.Start();
        return $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    private string Fail(TransferSettings settings, string url)
    {
        _transfers = Make(settings);
        return Assert.Throws<TransferException>(() => _transfers.Get(new TransferRequest(new Uri($"{url}/file")))).Message;
    }

    private static string Basic(string login) => "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(login));

    private HttpTransfers Make(TransferSettings settings) => new(settings, _log, TestContext.Current.CancellationToken);

    private byte[] Get(string path)
    {
        using var response = _transfers.Get(new TransferRequest(new Uri(_server.Url + path)));
        var content = new MemoryStream();
        response.Body.CopyTo(content);
        return content.ToArray();
    }
}
