using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Firn.Transfers;

/// <summary>Says what is wrong with a server's certificate.</summary>
internal static class CertificateCheck
{
    /// <summary>Lets a certificate pass that has no fault.</summary>
    /// <param name="host">Whose it should be.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="chain">Who signed it.</param>
    /// <param name="errors">What faults there are.</param>
    /// <param name="authorities">Where the authorities that are trusted are written down.</param>
    /// <exception cref="CertificateException">It has a fault.</exception>
    internal static bool Check(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string authorities) =>
        errors == SslPolicyErrors.None ? true : throw new CertificateException(certificate is X509Certificate2 shown
            ? $"the server's certificate is not trusted: {string.Join("; ", Faults(host, shown, chain, errors, authorities).Distinct())}"
            : "the server shows no certificate");

    private static IEnumerable<string> Faults(string host, X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors, string authorities)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            yield return $"it is for {Names(certificate)}, not for '{host}'";
        }

        foreach (var element in chain?.ChainElements.AsEnumerable() ?? [])
        {
            foreach (var status in element.ChainElementStatus.Where(s => s.Status != X509ChainStatusFlags.NoError))
            {
                yield return status.Status switch
                {
                    X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain =>
                        $"its issuer '{element.Certificate.Issuer}' is none of the authorities in {authorities}",
                    X509ChainStatusFlags.NotTimeValid => Time(element.Certificate),
                    _ => status.StatusInformation.TrimEnd('.'),
                };
            }
        }
    }

    private static string Time(X509Certificate2 certificate) => string.Create(CultureInfo.InvariantCulture,
        $"'{certificate.Subject}' is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC only, so it has expired or this machine's clock is wrong");

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString()))).ToList();
        return names.Count > 0 ? string.Join(", ", names.Select(n => $"'{n}'")) : $"'{certificate.Subject}'";
    }
}

/// <summary>A server's certificate is not accepted.</summary>
internal sealed class CertificateException(string message) : AuthenticationException(message);
