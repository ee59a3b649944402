using Firn.Model.Settings;

namespace Firn.Transfers;

/// <summary>How files are brought here and sent away over the network.</summary>
public sealed partial record TransferSettings
{
    /// <summary>How many seconds a connection may take to be made.</summary>
    [Setting("connect-timeout")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many seconds a download may stand still.</summary>
    [Setting("stalled-download-timeout")]
    public TimeSpan StalledDownloadTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How often a download is tried.</summary>
    [Setting("download-attempts")]
    public int DownloadAttempts { get; init; } = 5;

    /// <summary>How many bytes of a download are held in memory.</summary>
    [Setting("download-buffer-size")]
    public long DownloadBufferSize { get; init; } = 1048576;

    /// <summary>How many kilobytes a second a download may take; 0 means any number.</summary>
    [Setting("download-speed")]
    public long DownloadSpeed { get; init; }

    /// <summary>How many connections may be open at once.</summary>
    [Setting("http-connections", Aliases = ["binary-caches-parallel-connections"])]
    public int HttpConnections { get; init; } = 25;

    /// <summary>Use HTTP/2 where the server has it.</summary>
    [Setting("http2")]
    public bool Http2 { get; init; } = true;

    /// <summary>The file with passwords for servers.</summary>
    [Setting("netrc-file")]
    public string NetrcFile { get; init; } = "/etc/nix/netrc";

    /// <summary>The file with bearer tokens for servers, a host and its token on each line.</summary>
    [Setting("bearer-tokens-file")]
    public string BearerTokensFile { get; init; } = "/etc/nix/bearer-tokens";

    /// <summary>The file with certificates of the authorities to trust.</summary>
    [Setting("ssl-cert-file")]
    public string SslCertFile { get; init; } = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>What to add to the user agent in requests.</summary>
    [Setting("user-agent-suffix")]
    public string UserAgentSuffix { get; init; } = "";
}
