namespace Firn.CacheServer;

/// <summary>What a client has to be told to fetch from a cache.</summary>
public static class PullConfiguration
{
    /// <summary>Returns lines for <c>nix.conf</c>.</summary>
    public static string NixConf(string url, string publicKey) =>
        $"extra-substituters = {url}\nextra-trusted-public-keys = {publicKey}\n";

    /// <summary>Returns a line for the netrc file.</summary>
    public static string Netrc(string url) => $"machine {(Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host : "localhost")} login firn password TOKEN";
}
