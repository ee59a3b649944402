using System.Text;
using Firn.Evaluation.Host;

namespace Firn.Evaluation;

/// <summary>The files behind <c>&lt;nix/…&gt;</c>, which are part of the program.</summary>
internal static class CoreFiles
{
    /// <summary>Where the files seem to be; no real file can have this name.</summary>
    public const string Directory = "/<nix>/";

    private const string FetchUrl = """
        { system ? "", url, hash ? "", md5 ? "", sha1 ? "", sha256 ? "", sha512 ? ""
        , outputHash ? if hash != "" then hash else if sha512 != "" then sha512 else if sha1 != "" then sha1 else if md5 != "" then md5 else sha256
        , outputHashAlgo ? if hash != "" then "" else if sha512 != "" then "sha512" else if sha1 != "" then "sha1" else if md5 != "" then "md5" else "sha256"
        , executable ? false, unpack ? false, name ? baseNameOf (toString url), impure ? false
        }:
        let content = if impure then { __impure = true; } else { inherit outputHashAlgo outputHash; };
        in derivation ({
          inherit name url executable unpack;
          system = "builtin";
          builder = "builtin:fetchurl";
          outputHashMode = if executable || unpack then "recursive" else "flat";
          preferLocalBuild = true;
          urls = [ url ];
          # Part of the derivation's hash since before it had no effect.
          impureEnvVars = [ "http_proxy" "https_proxy" "ftp_proxy" "all_proxy" "no_proxy" ];
        } // content)
        """;

    public static bool Contains(string path) => Find(path) is not null;

    /// <summary>Returns the content of a file by its name or path, or null.</summary>
    public static byte[]? Find(string path) => PathText.BaseName(path) == "fetchurl.nix"
        && (path == "fetchurl.nix" || path.StartsWith(Directory, StringComparison.Ordinal))
            ? Encoding.UTF8.GetBytes(FetchUrl)
            : null;
}
