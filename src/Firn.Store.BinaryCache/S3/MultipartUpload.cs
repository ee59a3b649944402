using System.Globalization;
using System.Net;
using System.Text;
using Firn.Archive.Compression;
using Firn.Transfers;

namespace Firn.Store.BinaryCache.S3;

/// <summary>Stores a large file in a bucket in parts, of which each is sent again by itself when it does not arrive.</summary>
/// <remarks>Parts are read from the file as they are sent: of none is there more in memory than of a file that is sent as a whole.</remarks>
internal sealed class MultipartUpload(S3Requests requests, HttpTransfers transfers, string path)
{
    /// <summary>Stores it; what has come of one that fails is given up there, where it would cost money.</summary>
    /// <exception cref="TransferException">The server does not take it.</exception>
    internal void Run(TransferContent content, long partSize)
    {
        var id = Begin(content);
        try
        {
            var tags = new List<string>();
            for (var start = 0L; start < content.Length; start += partSize)
            {
                tags.Add(Send(id, tags.Count + 1, content, start, Math.Min(partSize, content.Length - start)));
            }

            Complete(id, tags);
        }
        catch
        {
            Abort(id);
            throw;
        }
    }

    private TransferRequest Request(string query) => requests.Make($"{path}?{query}");

    private static string Query(string id) => $"uploadId={Uri.EscapeDataString(id)}";

    private string Begin(TransferContent content)
    {
        var nothing = new TransferContent(() => Stream.Null, 0, content.Type) { Encoding = content.Encoding };
        var answer = Post(requests.ForStorage(Request("uploads")), nothing);
        return Element(answer, "UploadId") ?? throw Unclear(answer);
    }

    private string Send(string id, int number, TransferContent content, long start, long length)
    {
        var part = new TransferContent(() => new PartStream(content.Open(), start, length), length, "application/octet-stream");
        var request = Request(string.Create(CultureInfo.InvariantCulture, $"partNumber={number}&{Query(id)}"));
        using var response = transfers.Send(request with { Method = HttpMethod.Put, Content = part, IsShown = true, Sign = requests.Signature(part) });
        return response.ETag.Length > 0 ? response.ETag : throw Unclear($"it gives no tag for part {number}");
    }

    private void Complete(string id, List<string> tags)
    {
        var parts = tags.Select((tag, index) => string.Create(
            CultureInfo.InvariantCulture, $"<Part><PartNumber>{index + 1}</PartNumber><ETag>{WebUtility.HtmlEncode(tag)}</ETag></Part>"));
        var list = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{string.Concat(parts)}</CompleteMultipartUpload>");
        var answer = Post(Request(Query(id)), new TransferContent(() => new MemoryStream(list, writable: false), list.Length, "text/xml"));
        // The server begins to answer before it knows whether it succeeds.
        if (Element(answer, "Code") is { } code)
        {
            throw new TransferException(TransferFailure.Broken, $"unable to upload '{requests.Make(path).Uri}': {code}: {Element(answer, "Message")}");
        }
    }

    private void Abort(string id)
    {
        try
        {
            transfers.Send(Request(Query(id)) with { Method = HttpMethod.Delete }).Dispose();
        }
        catch (Exception e) when (e is TransferException or OperationCanceledException)
        {
            // Why the upload failed says more.
        }
    }

    private string Post(TransferRequest request, TransferContent content)
    {
        using var response = transfers.Send(request with { Method = HttpMethod.Post, Content = content, Sign = requests.Signature(content) });
        using var reader = new StreamReader(response.Body, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private TransferException Unclear(string answer) =>
        new(TransferFailure.Refused, $"unable to upload '{requests.Make(path).Uri}' in parts: the server's answer is not as S3 answers: {answer}");

    private static string? Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        var end = xml.IndexOf($"</{name}>", StringComparison.Ordinal);
        return start >= 0 && end > start ? WebUtility.HtmlDecode(xml[(start + name.Length + 2)..end]) : null;
    }

    /// <summary>Reads a part of another stream.</summary>
    private sealed class PartStream : ReadOnlyStream
    {
        private readonly Stream _inner;
        private long _left;

        internal PartStream(Stream inner, long start, long length)
        {
            (_inner, _left) = (inner, length);
            inner.Position = start;
        }

        public override int Read(Span<byte> buffer)
        {
            var count = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
