using System.Security.Cryptography;
using System.Text;
using Firn.Store;
using Firn.Store.BinaryCache.S3;
using Firn.Tests.Building;
using Firn.Tests.Transfers;
using Firn.Transfers;
using Firn.Transfers.S3;

namespace Firn.Tests.Store;

public sealed class S3RequestsTests
{
    private static readonly AwsCredentials _credentials = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null);

    [Fact]
    public void A_signature_goes_out_with_each_request()
    {
        using var server = new WebServer();
        server.Files["/bucket/x"] = "hello"u8.ToArray();
        var address = S3Address.Parse("bucket", new Dictionary<string, string> { ["endpoint"] = server.Url });
        using var transfers = new HttpTransfers(new TransferSettings(), new RecordingLog(), TestContext.Current.CancellationToken);
        var requests = new S3Requests(address, _credentials with { SessionToken = "t" }, TimeProvider.System);

        transfers.Get(requests.Make("x")).Dispose();
        requests.Upload(transfers, "y", new(() => new MemoryStream("hi"u8.ToArray()), 2, "text/plain"));

        Assert.All(server.Requests, r => Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/", r.Headers["authorization"], StringComparison.Ordinal));
        Assert.All(server.Requests, r => Assert.Equal("t", r.Headers["x-amz-security-token"]));
        Assert.Equal("hi"u8.ToArray(), server.Files["/bucket/y"]);
        Assert.Equal("8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4", server.Requests.Last().Headers["x-amz-content-sha256"]);
    }

    [Fact]
    public void Nothing_is_asked_of_another_server_whatever_a_cache_says()
    {
        var requests = new S3Requests(S3Address.Parse("bucket", new Dictionary<string, string>()), _credentials, TimeProvider.System);

        Assert.Equal("https://bucket.s3.us-east-1.amazonaws.com/nar/x.nar.xz", requests.Make("nar/x.nar.xz").Uri.ToString());
        Assert.All(["https://evil.example.org/x", "//evil.example.org/x", "/x", "http:x", ""], path => Assert.Throws<StoreException>(() => requests.Make(path)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("PUT /bucket/nar/x?partNumber=2&uploadId=a%2Bb")]
    [InlineData("POST /bucket/nar/x?uploadId=a%2Bb")]
    public void A_large_file_comes_in_parts_and_one_that_fails_leaves_nothing(string? failing)
    {
        using var server = new WebServer();
        var content = RandomNumberGenerator.GetBytes((11 << 20) + 5);
        server.Misbehave = request => $"{request.Method} {request.Path}" switch
        {
            "POST /bucket/nar/x?uploads" => new WebReply(200, "<?xml version='1.0'?><R><UploadId>a+b</UploadId></R>"u8.ToArray()),
            // It says so behind a status that promises success.
            var asked when asked == failing && request.Method == "POST" => new WebReply(200, "<Error><Code>InternalError</Code><Message>no</Message></Error>"u8.ToArray()),
            var asked when asked == failing => new WebReply(400, []),
            _ when request.Method == "PUT" => new WebReply(200, []) { Headers = [("ETag", $"\"{request.Body.Length}\"")] },
            _ => new WebReply(request.Method == "DELETE" ? 204 : 200, []),
        };
        var parameters = new Dictionary<string, string> { ["endpoint"] = server.Url, ["multipart-upload"] = "true", ["multipart-threshold"] = "1M", ["storage-class"] = "GLACIER" };
        var requests = new S3Requests(S3Address.Parse("bucket", parameters), _credentials, TimeProvider.System);
        using var transfers = new HttpTransfers(new TransferSettings(), new RecordingLog(), TestContext.Current.CancellationToken);
        void Upload() => requests.Upload(transfers, "nar/x", new(() => new MemoryStream(content), content.Length, "application/x-nix-nar"));

        if (failing is null)
        {
            Upload();
        }
        else
        {
            Assert.Throws<TransferException>(Upload);
        }

        var asked = server.Requests.ToList();
        Assert.Equal("GLACIER", asked[0].Headers["x-amz-storage-class"]);
        Assert.All(asked, r => Assert.StartsWith("AWS4-HMAC-SHA256 ", r.Headers["authorization"], StringComparison.Ordinal));
        Assert.Equal(failing is not null, asked[^1].Method == "DELETE" && asked[^1].Path == "/bucket/nar/x?uploadId=a%2Bb");
        if (failing is null)
        {
            Assert.Equal(content, asked.Where(r => r.Method == "PUT").SelectMany(r => r.Body));
            Assert.Equal(
                "<CompleteMultipartUpload>" + string.Concat(asked.Where(r => r.Method == "PUT").Select((r, i) =>
                    $"<Part><PartNumber>{i + 1}</PartNumber><ETag>&quot;{r.Body.Length}&quot;</ETag></Part>")) + "</CompleteMultipartUpload>",
                Encoding.UTF8.GetString(asked[^1].Body));
        }
    }
}
