using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Firn.Tests.Transfers;

/// <summary>A server on this machine with a certificate that nobody has signed, and who is told of every request that gets through.</summary>
public sealed class TlsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;

    /// <param name="name">Whose the certificate is.</param>
    /// <param name="days">Until when it holds, from today on.</param>
    public TlsServer(string name = "localhost", int days = 1)
    {
        _certificate = Make(name, days);
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "tls server" }.Start();
    }

    public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The certificate as <c>ssl-cert-file</c> would hold it.</summary>
    public string Certificate => _certificate.ExportCertificatePem();

    /// <summary>The heads of the requests that came.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose()
    {
        _listener.Stop();
        _certificate.Dispose();
    }

    private static X509Certificate2 Make(string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(days - 2), now.AddDays(days));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private void Accept()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = _listener.AcceptTcpClient();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            Serve(client);
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                using var stream = new SslStream(client.GetStream());
                stream.AuthenticateAsServer(_certificate);
                var head = new byte[4096];
                var count = stream.Read(head);
                if (count > 0)
                {
                    Requests.Enqueue(Encoding.ASCII.GetString(head, 0, count));
                    stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8);
                }
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // It did not like the certificate.
        }
    }
}
