using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Fetching;

/// <summary>How files and trees are fetched.</summary>
public sealed partial record FetchSettings
{
    /// <summary>Tokens for forges, as host=token.</summary>
    [Setting("access-tokens")]
    public ImmutableSortedDictionary<string, string> AccessTokens { get; init; } = SettingForm.NoPairs;

    /// <summary>Accept working trees with changes that are not committed.</summary>
    [Setting("allow-dirty")]
    public bool AllowDirty { get; init; } = true;

    /// <summary>Warn about working trees with changes that are not committed.</summary>
    [Setting("warn-dirty")]
    public bool WarnDirty { get; init; } = true;

    /// <summary>Lock inputs that are working trees with changes.</summary>
    [Setting("allow-dirty-locks", Feature = "flakes")]
    public bool AllowDirtyLocks { get; init; }

    /// <summary>Trust that a tarball from a forge is the revision that it says.</summary>
    [Setting("trust-tarballs-from-git-forges")]
    public bool TrustTarballsFromGitForges { get; init; } = true;

    /// <summary>Where the global registry of flakes is.</summary>
    [Setting("flake-registry", Feature = "flakes")]
    public string FlakeRegistry { get; init; } = "https://channels.nixos.org/flake-registry.json";

    /// <summary>How many seconds a downloaded tarball counts as fresh.</summary>
    [Setting("tarball-ttl")]
    public TimeSpan TarballTtl { get; init; } = TimeSpan.FromSeconds(3600);

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

    /// <summary>The file with certificates of the authorities to trust.</summary>
    [Setting("ssl-cert-file")]
    public string SslCertFile { get; init; } = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>What to add to the user agent in requests.</summary>
    [Setting("user-agent-suffix")]
    public string UserAgentSuffix { get; init; } = "";

    /// <summary>Servers that have files under the names of their hashes.</summary>
    [Setting("hashed-mirrors")]
    public ImmutableArray<string> HashedMirrors { get; init; } = [];
}
