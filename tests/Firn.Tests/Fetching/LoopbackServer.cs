using System.Net;

namespace Firn.Tests.Fetching;

/// <summary>A web server on this machine with a file, a redirect to it, one that fails the first time, and nothing else.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener = new();

    internal LoopbackServer()
    {
        for (var port = Random.Shared.Next(20000, 60000); ; port++)
        {
            try
            {
                Url = $"http://localhost:{port}";
                _listener.Prefixes.Add(Url + "/");
                _listener.Start();
                break;
            }
            catch (HttpListenerException)
            {
                _listener.Prefixes.Clear();
            }
        }

        new Thread(Serve) { IsBackground = true }.Start();
    }

    internal string Url { get; }

    internal List<string> Paths { get; } = [];

    internal List<int> Statuses { get; } = [];

    internal List<string?> Logins { get; } = [];

    public void Dispose() => _listener.Close();

    private void Serve()
    {
        try
        {
            while (true)
            {
                Answer(_listener.GetContext());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Answer(HttpListenerContext exchange)
    {
        var (request, response) = (exchange.Request, exchange.Response);
        var path = request.Url!.AbsolutePath;
        Paths.Add(path);
        Logins.Add(request.Headers["Authorization"]);
        response.StatusCode = path switch
        {
            "/redirect" => 302,
            "/file" => request.Headers["If-None-Match"] == "\"tag\"" ? 304 : 200,
            "/later" => Paths.Count(p => p == path) == 1 ? 503 : 200,
            _ => 404,
        };
        Statuses.Add(response.StatusCode);
        if (response.StatusCode == 302)
        {
            response.RedirectLocation = "/file";
        }

        response.Headers["ETag"] = "\"tag\"";
        if (response.StatusCode == 200)
        {
            response.OutputStream.Write("hello"u8);
        }

        response.Close();
    }
}
