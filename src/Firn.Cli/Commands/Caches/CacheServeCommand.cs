using System.Net;
using Firn.CacheServer.Http;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache serve</c>: serves binary caches, until it is told to end.</summary>
internal sealed class CacheServeCommand : Command
{
    private const int DefaultPort = 8080;

    private readonly CacheFolderOption _folder = new();
    private readonly List<string> _addresses = [];
    private readonly List<string> _created = [];
    private string? _publicUrl;

    public override string Summary => "serve binary caches over HTTP";

    public override string Examples => """
        # Start a private cache 'team' for everybody on the network; the token to push with is in a file that it names:
        $ firn cache serve --create team --listen 0.0.0.0:8080
        """;

    public override string Details => """
        Caches, tokens and retention can be changed by the other commands of 'firn cache' while it runs. TLS is left to a
        proxy in front of it; tell the address that clients use by '--public-url'.
        """;

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        grammar
            .Value("listen", "address", $"An address and a port to listen on; may be given several times. The default is 127.0.0.1:{DefaultPort}.", _addresses.Add)
            .Value("public-url", "url", "The address by which clients reach the server, when it is another.", v => _publicUrl = v)
            .Value("create", "name", "Make a private cache of this name, and a token, if it is not there.", _created.Add);
    }

    public override int Run(Session session, Output output)
    {
        var cancellation = session.Cancellation;
        using var folder = _folder.Make(session);
        foreach (var name in _created.Where(n => folder.Metadata.ListCaches().All(c => c.Name != n)))
        {
            var (_, token) = CacheMaker.Make(folder.Metadata, name, session.StoreDirectory, TimeProvider.System);
            var file = $"{folder.Path}/{name}.token";
            CacheMaker.WriteSecret(file, token + "\n");
            session.Log.Write(Verbosity.Notice, $"made the private cache '{name}'; a token that may pull and push is in '{file}'");
        }

        var endpoints = (_addresses.Count == 0 ? [$"127.0.0.1:{DefaultPort}"] : _addresses).ConvertAll(ParseAddress);
        HttpServer.PreferLatency();
        using var server = HttpServer.Start(folder, new ServerOptions(endpoints, _publicUrl), TimeProvider.System, session.Log);
        foreach (var address in server.Addresses)
        {
            session.Log.Write(Verbosity.Notice, $"serving {Counted(folder.Metadata.ListCaches().Count)} at {address}");
        }

        cancellation.WaitHandle.WaitOne();
        return 0;
    }

    private static string Counted(int caches) => caches == 1 ? "1 cache" : $"{caches} caches";

    private static IPEndPoint ParseAddress(string text)
    {
        var address = text.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        address = address.All(char.IsAsciiDigit) ? $"127.0.0.1:{address}" : address.StartsWith(':') ? $"[::]{address}" : address;
        return IPEndPoint.TryParse(address, out var endpoint) && (endpoint.Port != 0 || address.EndsWith(":0", StringComparison.Ordinal))
            ? endpoint
            : throw new UsageException($"'{text}' is no address to listen on", "Write an address and a port, such as '127.0.0.1:8080', '[::1]:8080' or ':8080' for all.");
    }
}
