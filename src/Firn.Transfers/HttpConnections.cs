using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firn.Transfers;

/// <summary>Makes the connections that transfers go over: certificates are checked, redirects and compression left to us.</summary>
internal static class HttpConnections
{
    private const string Version = "0.1.0";

    /// <summary>Opens none yet.</summary>
    /// <returns>What makes them when they are needed, and why none can be trusted, or null.</returns>
    internal static (HttpClient Client, string? TrustProblem) Open(TransferSettings settings, ClientCertificate? certificate)
    {
        var (trust, problem) = Trust(settings.SslCertFile);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = settings.ConnectTimeout > TimeSpan.Zero ? settings.ConnectTimeout : Timeout.InfiniteTimeSpan,
            MaxConnectionsPerServer = settings.HttpConnections > 0 ? settings.HttpConnections : int.MaxValue,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            // A cache that says no to what is uploaded does so before all of it has come.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
            UseCookies = false,
        };
        handler.SslOptions.CertificateChainPolicy = trust;
        var authorities = trust is null ? "the system's list" : $"'{settings.SslCertFile}'";
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, shown, chain, errors) =>
            CertificateCheck.Check((sender as SslStream)?.TargetHostName ?? "", shown, chain, errors, authorities);

        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate.Read()];
        }

        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(
            $"Firn/{Version} Nix/2.34.8{(settings.UserAgentSuffix.Length > 0 ? " " + settings.UserAgentSuffix : "")}");
        return (client, problem);
    }

    // Who asks no server in secret needs no authorities.
    private static (X509ChainPolicy? Policy, string? Problem) Trust(string file)
    {
        if (!File.Exists(file))
        {
            return (null, file == new TransferSettings().SslCertFile ? null : $"the file '{file}', which 'ssl-cert-file' names, does not exist");
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return (null, $"the file '{file}', which 'ssl-cert-file' names, cannot be read as certificates: {e.Message}");
        }

        if (authorities.Count == 0)
        {
            return (null, $"the file '{file}', which 'ssl-cert-file' names, holds no certificates");
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return (policy, null);
    }
}

/// <summary>A certificate to show to a server, and the key that goes with it.</summary>
/// <param name="File">The file of the certificate.</param>
/// <param name="KeyFile">The file of its key.</param>
public sealed record ClientCertificate(string File, string KeyFile)
{
    internal X509Certificate2 Read()
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(File, KeyFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TransferException(TransferFailure.Refused, $"cannot use the certificate '{File}' with the key '{KeyFile}': {e.Message}");
        }
    }
}
