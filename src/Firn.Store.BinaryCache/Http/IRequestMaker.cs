using Firn.Transfers;

namespace Firn.Store.BinaryCache.Http;

/// <summary>Knows what to send to a server to read and to store a file of a cache.</summary>
public interface IRequestMaker
{
    /// <summary>Makes the request for a file.</summary>
    /// <exception cref="StoreException">The path names something else than a file of a server.</exception>
    TransferRequest Make(string path);

    /// <summary>Stores a file.</summary>
    /// <exception cref="TransferException">The server does not take it.</exception>
    void Upload(HttpTransfers transfers, string path, TransferContent content);
}

/// <summary>Files below an address.</summary>
/// <param name="address">The address, which may end in a slash or not.</param>
public sealed class PlainRequests(Uri address) : IRequestMaker
{
    private readonly Uri _base = new(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");

    public TransferRequest Make(string path)
    {
        // A narinfo file may name its NAR by a whole address, and by one with a query.
        if (!Uri.TryCreate(_base, path, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new StoreException(StoreErrors.BadFile, $"'{path}' is not the name of a file in the binary cache '{UrlRedaction.Redact(address.ToString())}'");
        }

        return new TransferRequest(uri);
    }

    public void Upload(HttpTransfers transfers, string path, TransferContent content) =>
        transfers.Send(Make(path) with { Method = HttpMethod.Put, Content = content, IsShown = true }).Dispose();
}
