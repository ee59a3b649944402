using Firn.Transfers;
using Firn.Transfers.S3;

namespace Firn.Tests.Transfers;

public sealed class S3Tests
{
    private static readonly DateTimeOffset _day = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly AwsCredentials _credentials = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null);

    // The examples of the service's own documentation ("Signature Calculations for the Authorization Header").
    [Fact]
    public void Requests_are_signed_as_the_service_documents_it()
    {
        var headers = new Dictionary<string, string>
        {
            ["host"] = "examplebucket.s3.amazonaws.com",
            ["range"] = "bytes=0-9",
            ["x-amz-content-sha256"] = AwsSignature.EmptyHash,
            ["x-amz-date"] = "20130524T000000Z",
        };

        var value = AwsSignature.Authorize(
            "GET", new Uri("https://examplebucket.s3.amazonaws.com/test.txt"), headers, AwsSignature.EmptyHash, _credentials, "us-east-1", _day);

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", value);
    }

    [Fact]
    public void Uploads_and_names_with_odd_characters_are_signed_as_the_service_documents_it()
    {
        const string hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        var headers = new Dictionary<string, string>
        {
            ["date"] = "Fri, 24 May 2013 00:00:00 GMT",
            ["host"] = "examplebucket.s3.amazonaws.com",
            ["x-amz-content-sha256"] = hash,
            ["x-amz-date"] = "20130524T000000Z",
            ["x-amz-storage-class"] = "REDUCED_REDUNDANCY",
        };

        var value = AwsSignature.Authorize(
            "PUT", new Uri("https://examplebucket.s3.amazonaws.com/test$file.text"), headers, hash, _credentials, "us-east-1", _day);

        Assert.EndsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd", value, StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_are_signed_as_the_service_documents_it()
    {
        var headers = new Dictionary<string, string>
        {
            ["host"] = "examplebucket.s3.amazonaws.com",
            ["x-amz-content-sha256"] = AwsSignature.EmptyHash,
            ["x-amz-date"] = "20130524T000000Z",
        };

        var value = AwsSignature.Authorize(
            "GET", new Uri("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J"), headers, AwsSignature.EmptyHash, _credentials, "us-east-1", _day);

        Assert.EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7", value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bucket", "", "https://bucket.s3.us-east-1.amazonaws.com/")]
    [InlineData("bucket/some/folder", "region=eu-west-1", "https://bucket.s3.eu-west-1.amazonaws.com/some/folder/")]
    [InlineData("with.dot", "", "https://s3.us-east-1.amazonaws.com/with.dot/")]
    [InlineData("bucket", "endpoint=localhost:9000 scheme=http", "http://localhost:9000/bucket/")]
    [InlineData("bucket", "endpoint=http://localhost:9000/base", "http://localhost:9000/base/bucket/")]
    [InlineData("bucket", "endpoint=minio.example.org addressing-style=virtual", "https://bucket.minio.example.org/")]
    [InlineData("bucket", "addressing-style=path", "https://s3.us-east-1.amazonaws.com/bucket/")]
    public void A_bucket_is_where_its_address_says(string bucket, string parameters, string expected) =>
        Assert.Equal(expected, S3Address.Parse(bucket, Parameters(parameters)).Uri.ToString());

    [Theory]
    [InlineData("", "")]
    [InlineData("a b", "")]
    [InlineData("with.dot", "addressing-style=virtual")]
    [InlineData("bucket", "addressing-style=other")]
    [InlineData("bucket", "endpoint=ftp://x")]
    public void What_can_be_no_bucket_is_refused(string bucket, string parameters) =>
        Assert.Throws<TransferException>(() => S3Address.Parse(bucket, Parameters(parameters)));

    [Fact]
    public void Credentials_come_from_the_profile_that_is_asked_for()
    {
        const string file = "[default]\naws_access_key_id = A\naws_secret_access_key = a\n\n[ci]\naws_access_key_id=B\naws_secret_access_key=b\naws_session_token=t\n";

        Assert.Equal(new AwsCredentials("A", "a", null), AwsCredentials.Parse(file, "default"));
        Assert.Equal(new AwsCredentials("B", "b", "t"), AwsCredentials.Parse(file, "ci"));
        Assert.Null(AwsCredentials.Parse(file, "other"));
        Assert.DoesNotContain("secret", new AwsCredentials("A", "secret", "secret").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1L << 30, null)]
    [InlineData("multipart-upload=true", 100L << 20, null)]
    [InlineData("multipart-upload=true", (100L << 20) + 1, 5L << 20)]
    [InlineData("multipart-upload=1 multipart-threshold=1K buffer-size=6M", 2048, 6L << 20)]
    [InlineData("multipart-upload=true", 100_000L << 20, 10L << 20)]
    public void Large_files_come_in_parts_of_which_there_are_not_too_many(string parameters, long length, long? expected) =>
        Assert.Equal(expected, S3Address.Parse("bucket", Parameters(parameters)).Parts.SizeFor(length));

    [Theory]
    [InlineData("multipart-chunk-size=1M")]
    [InlineData("multipart-chunk-size=6G")]
    [InlineData("multipart-threshold=much")]
    public void Parts_that_there_cannot_be_are_refused(string parameters) =>
        Assert.Throws<TransferException>(() => S3Address.Parse("bucket", Parameters(parameters)));

    [Fact]
    public void More_than_a_server_takes_at_once_is_not_sent_at_once() => Assert.Contains(
        "multipart-upload", Assert.Throws<TransferException>(() => S3Parts.Parse(Parameters("")).SizeFor(6L << 30)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_file_of_a_bucket_is_downloaded_by_its_address()
    {
        using var server = new WebServer();
        server.Files["/bucket/some/file%20x"] = "hello"u8.ToArray();
        using var transfers = new HttpTransfers(new TransferSettings(), new Building.RecordingLog(), TestContext.Current.CancellationToken)
        {
            Environment = name => name is "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" ? "k" : null,
        };

        using var response = transfers.Get(new TransferRequest(new Uri($"s3://bucket/some/file%20x?endpoint={server.Url}&region=eu-west-1")));

        Assert.Equal("hello", new StreamReader(response.Body).ReadToEnd());
        Assert.Contains("/eu-west-1/s3/", server.Requests.Single().Headers["authorization"], StringComparison.Ordinal);
        Assert.Throws<TransferException>(() => transfers.Get(new TransferRequest(new Uri("s3://bucket"))));
    }

    private static Dictionary<string, string> Parameters(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
}
