using Firn.Archive.Compression;
using Firn.Archive.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Transfers;

namespace Firn.Building.BuiltinBuilders;

/// <summary><c>builtin:fetchurl</c>: downloads one file, whose hash is checked as every output's is.</summary>
/// <remarks>Certificates are always verified: a derivation may name any server, and whoever stands in between must not
/// learn the logins of the netrc file.</remarks>
internal static class FetchUrlBuilder
{
    private const int ReadWrite = 0x1a4;
    private const int ReadWriteExecute = 0x1ed;

    public static void Run(BuiltinBuild build)
    {
        var output = build.Output;
        if (!build.Derivation.IsFixed && !build.Derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure))
        {
            throw BuiltinBuild.Failed("'builtin:fetchurl' must be a fixed-output or impure derivation");
        }

        var url = build.Attribute("url");
        var unpacks = build.FindAttribute("unpack") == "1";
        var method = unpacks && url.EndsWith(".xz", StringComparison.Ordinal) ? CompressionMethod.Xz : CompressionMethod.None;
        DownloadFromAny(build, url, source =>
        {
            FileTree.Delete(output);
            using var content = CompressedStream.OpenRead(source, method, leaveOpen: true);
            if (unpacks)
            {
                TreeRestorer.Restore(content, output, TreeRestoreOptions.Canonical);
                return;
            }

            using var file = FileHandle.CreateNew(output, ReadWrite);
            content.CopyTo(file, 128 * 1024);
        });
        if (build.FindAttribute("executable") == "1")
        {
            FilePath.ChangeMode(output, ReadWriteExecute);
        }
    }

    // Mirrors that have files under the names of their hashes go first, since they do not forget.
    private static void DownloadFromAny(BuiltinBuild build, string url, Action<Stream> take)
    {
        if (build.Derivation.Outputs is [{ Output: DerivationOutput.FixedContent { Address: { Method: ContentAddressMethod.Flat, Hash: var hash } } }])
        {
            foreach (var mirror in build.HashedMirrors)
            {
                try
                {
                    Download(build, $"{mirror.TrimEnd('/')}/{hash.Algorithm.Name()}/{hash.Digest(HashFormat.Base16)}", take);
                    return;
                }
                catch (Exception e) when (e is FirnException or IOException && !build.Cancellation.IsCancellationRequested)
                {
                    // The next one may have it, and else the place that the author named.
                }
            }
        }

        Download(build, url, take);
    }

    private static void Download(BuiltinBuild build, string url, Action<Stream> take)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            throw BuiltinBuild.Failed($"'{url}' is not a valid URL");
        }

        switch (address.Scheme)
        {
            case "file":
                using (var file = OpenFile(build, address.LocalPath))
                {
                    take(file ?? throw BuiltinBuild.Failed(
                        $"unable to download '{url}': builds in a sandbox do not see '{address.LocalPath}', unless 'sandbox-paths' names it; builtins.fetchurl does"));
                }

                break;
            case "http" or "https" or "s3":
                DownloadOverHttp(build, address, take);
                break;
            default:
                throw BuiltinBuild.Failed($"unable to download '{url}': '{address.Scheme}:' is none of file:, http:, https: and s3:");
        }
    }

    private static FileHandle? OpenFile(BuiltinBuild build, string path)
    {
        try
        {
            return build.TryOpenVisible(path);
        }
        catch (SystemCallException e)
        {
            throw BuiltinBuild.Failed($"unable to download 'file://{path}': {e.Message}");
        }
    }

    private static void DownloadOverHttp(BuiltinBuild build, Uri address, Action<Stream> take)
    {
        var settings = new TransferSettings { NetrcFile = build.NetrcFile ?? "", BearerTokensFile = "" };
        settings = build.CertificateFile is { Length: > 0 } file ? settings with { SslCertFile = file } : settings;
        using var transfers = new HttpTransfers(settings, new PrintedLog(build.Print), build.Cancellation) { Environment = build.Environment };
        try
        {
            using var response = transfers.Get(new TransferRequest(address));
            take(response.Body);
        }
        catch (TransferException e)
        {
            throw BuiltinBuild.Failed(e.Message);
        }
    }

    /// <summary>Tells warnings in the log of the build.</summary>
    private sealed class PrintedLog(Action<string> print) : IActivityLog
    {
        public bool Shows(Verbosity level) => level <= Verbosity.Warning;

        public void Write(Verbosity level, string message)
        {
            if (Shows(level))
            {
                print($"warning: {message}");
            }
        }

        public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields) => 0;

        public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields) { }

        public void Stop(ulong activity) { }
    }
}
