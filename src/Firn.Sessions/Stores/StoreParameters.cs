using System.Globalization;
using Firn.Model.Diagnostics;

namespace Firn.Sessions.Stores;

/// <summary>Knows what may stand behind the question mark of a store's address, and finds what makes no sense there.</summary>
public static class StoreParameters
{
    private static readonly string[] _all = ["path-info-cache-size", "priority", "store", "system-features", "trusted", "want-mass-query"];
    private static readonly string[] _files = ["log", "real", "root", "state"];
    private static readonly string[] _local = [.. _files, "build-dir", "ignore-gc-delete-failure", "read-only", "require-sigs", "use-roots-daemon"];
    private static readonly string[] _daemon = ["max-connection-age", "max-connections"];
    private static readonly string[] _ssh = ["base64-ssh-public-host-key", "compress", "remote-program", "remote-store", "ssh-key"];
    private static readonly string[] _cache =
    [
        "compression", "compression-level", "index-debug-info", "local-nar-cache", "parallel-compression", "secret-key", "secret-keys", "write-nar-listing",
    ];

    private static readonly string[] _http = [.. _cache, "log-compression", "ls-compression", "narinfo-compression", "tls-certificate", "tls-private-key"];

    private static readonly Dictionary<string, string[]> _known = new(StringComparer.Ordinal)
    {
        ["auto"] = [.. _local, .. _daemon],
        ["local"] = _local,
        ["local-overlay"] = [.. _local, "check-mount", "lower-store", "remount-hook", "upper-layer"],
        ["daemon"] = [.. _files, .. _daemon],
        ["ssh-ng"] = [.. _ssh, .. _daemon],
        ["mounted-ssh-ng"] = [.. _ssh, .. _daemon, .. _files],
        ["ssh"] = [.. _ssh, "log-fd", "max-connections"],
        ["file"] = _cache,
        ["http"] = _http,
        ["https"] = _http,
        ["s3"] =
        [
            .. _http, "addressing-style", "buffer-size", "endpoint", "multipart-chunk-size", "multipart-threshold", "multipart-upload", "profile", "region", "scheme", "storage-class",
        ],
        ["dummy"] = ["read-only"],
    };

    private static readonly HashSet<string> _flags =
    [
        "check-mount", "compress", "ignore-gc-delete-failure", "index-debug-info", "multipart-upload", "parallel-compression", "read-only", "require-sigs", "trusted",
        "use-roots-daemon", "want-mass-query", "write-nar-listing",
    ];

    private static readonly HashSet<string> _numbers = ["compression-level", "log-fd", "max-connection-age", "max-connections", "path-info-cache-size", "priority"];

    private static readonly HashSet<string> _paths = [.. _files, "build-dir", "local-nar-cache", "store"];

    /// <summary>Looks at the parameters of a store's address.</summary>
    /// <param name="reference">The address.</param>
    /// <param name="warn">Hears of those that mean nothing there.</param>
    /// <exception cref="UsageException">One has a value that it cannot have.</exception>
    public static void Check(StoreReference reference, Action<string> warn)
    {
        if (!_known.TryGetValue(reference.Scheme, out var known))
        {
            return;
        }

        foreach (var (name, value) in reference.Parameters)
        {
            if (!known.Contains(name) && !_all.Contains(name))
            {
                warn($"unknown setting '{name}'");
            }
            else if (_flags.Contains(name) && value is not ("true" or "yes" or "1" or "false" or "no" or "0"))
            {
                throw new UsageException($"Boolean setting '{name}' has invalid value '{value}'", "It is 'true' or 'false'.");
            }
            else if (_numbers.Contains(name) && !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw new UsageException($"setting '{name}' has invalid value '{value}'", "It is a number.");
            }
            else if (_paths.Contains(name) && value.Length > 0)
            {
                AbsolutePath(name, value);
            }
        }
    }

    /// <summary>Returns a path that a parameter says, if it is absolute: relative to what would it be?</summary>
    internal static string AbsolutePath(string name, string value) =>
        value.StartsWith('/') ? value : throw new UsageException($"not an absolute path: '{value}', in the store's parameter '{name}'");
}
