using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Firn.Tests.Transfers;

/// <summary>A web server on this machine that keeps files in memory, takes uploads, and misbehaves where a test wants it to.</summary>
internal sealed class WebServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    internal WebServer()
    {
        _listener.Start();
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        new Thread(Accept) { IsBackground = true }.Start();
    }

    internal string Url { get; }

    internal ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    internal ConcurrentQueue<WebRequest> Requests { get; } = new();

    /// <summary>Whether it can begin in the middle of a file.</summary>
    internal bool HasRanges { get; set; } = true;

    /// <summary>Answers in place of the server; null lets it answer itself.</summary>
    internal Func<WebRequest, WebReply?> Misbehave { get; set; } = _ => null;

    internal IEnumerable<string> Paths => Requests.Select(r => r.Path);

    public void Dispose() => _listener.Stop();

    /// <summary>Says for the first <paramref name="count"/> requests what is wrong, and nothing for later ones.</summary>
    internal static Func<WebRequest, WebReply?> First(int count, Func<WebRequest, WebReply?> reply)
    {
        var left = count;
        return request => Interlocked.Decrement(ref left) >= 0 ? reply(request) : null;
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _listener.AcceptTcpClient();
                new Thread(() => Serve(client), 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                using var stream = client.GetStream();
                while (Read(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    if (!Write(stream, request, Misbehave(request) ?? Answer(request)))
                    {
                        // Closed as a crash closes it.
                        client.Client.LingerState = new LingerOption(true, 0);
                        return;
                    }
                }
            }
        }
        catch (IOException)
        {
            // The other side went away.
        }
    }

    private WebReply Answer(WebRequest request)
    {
        if (request.Method == "PUT")
        {
            Files[request.Path] = request.Body;
            return new WebReply(200, []);
        }

        if (!Files.TryGetValue(request.Path, out var file))
        {
            return new WebReply(404, "nothing here"u8.ToArray());
        }

        var tag = $"\"{file.Length}\"";
        if (!HasRanges || !request.Headers.TryGetValue("range", out var range))
        {
            return new WebReply(200, file) { Headers = [("ETag", tag)] };
        }

        var from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return WebReply.Part(file, from, tag);
    }

    private static WebRequest? Read(NetworkStream stream)
    {
        var head = new List<byte>();
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                return null;
            }

            head.Add((byte)next);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).ToDictionary(h => h[0].ToLowerInvariant(), h => h[1].Trim());
        var body = new byte[headers.TryGetValue("content-length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        stream.ReadExactly(body);
        return new WebRequest(words[0], words[1], headers, body);
    }

    private static bool Write(NetworkStream stream, WebRequest request, WebReply reply)
    {
        if (reply.SaysNothing is { } silence)
        {
            Thread.Sleep(silence);
            return false;
        }

        if (reply.Raw is { } raw)
        {
            stream.Write(raw);
            return false;
        }

        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} X\r\nContent-Length: {reply.Body.Length}\r\n");
        foreach (var (name, value) in reply.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        stream.Write(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        if (request.Method == "HEAD")
        {
            return true;
        }

        stream.Write(reply.Body, 0, reply.CutAfter ?? reply.Body.Length);
        if (reply.StallAfterCut is { } stall)
        {
            Thread.Sleep(stall);
        }

        return reply.CutAfter is null;
    }
}

internal sealed record WebRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

internal sealed record WebReply(int Status, byte[] Body)
{
    internal IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What is sent, and nothing else, before the connection is closed.</summary>
    internal byte[]? Raw { get; init; }

    /// <summary>After how many bytes of the body the connection breaks.</summary>
    internal int? CutAfter { get; init; }

    /// <summary>How long nothing comes before the connection breaks.</summary>
    internal TimeSpan? StallAfterCut { get; init; }

    /// <summary>How long nothing at all is said.</summary>
    internal TimeSpan? SaysNothing { get; init; }

    /// <summary>The end of a file, as what was asked for.</summary>
    internal static WebReply Part(byte[] file, int from, string tag) => new(206, file[from..])
    {
        Headers = [("ETag", tag), ("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{file.Length - 1}/{file.Length}"))],
    };
}
