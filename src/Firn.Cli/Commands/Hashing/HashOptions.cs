using Firn.Model.Diagnostics;
using Firn.Model.Hashing;

namespace Firn.Cli.Commands.Hashing;

/// <summary>Reads names of hash algorithms and formats from the command line.</summary>
internal static class HashOptions
{
    public static HashAlgorithm Algorithm(string name) => HashAlgorithms.Find(name)
        ?? throw new UsageException($"unknown hash algorithm '{name}', expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'");

    public static HashFormat Format(string name) => name switch
    {
        "base16" => HashFormat.Base16,
        "nix32" or "base32" => HashFormat.Nix32,
        "base64" => HashFormat.Base64,
        "sri" => HashFormat.Sri,
        _ => throw new UsageException($"unknown hash format '{name}', expect 'base16', 'base32', 'base64', or 'sri'"),
    };

    public static string Name(HashFormat format) => format switch
    {
        HashFormat.Base16 => "base16",
        HashFormat.Nix32 => "nix32",
        HashFormat.Base64 => "base64",
        _ => "sri",
    };
}
