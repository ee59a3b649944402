using System.Net;
using Firn.Archive.Compression;
using Firn.Archive.Trees;
using Firn.Model.Derivations;
using Firn.Platform.Files;

namespace Firn.Building.BuiltinBuilders;

/// <summary><c>builtin:fetchurl</c>: downloads one file, whose hash is checked as every output's is.</summary>
/// <remarks>Certificates are always verified and no credentials of the caller are used: a derivation may name any server.</remarks>
internal static class FetchUrlBuilder
{
    private const int Attempts = 5;
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
        Download(build, url, source =>
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

    private static void Download(BuiltinBuild build, string url, Action<Stream> take)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            throw BuiltinBuild.Failed($"'{url}' is not a valid URL");
        }

        switch (address.Scheme)
        {
            case "file":
                if (PathStatus.FindTarget(address.LocalPath) is not { IsRegular: true })
                {
                    throw BuiltinBuild.Failed($"unable to download '{url}': there is no file '{address.LocalPath}'");
                }

                using (var file = FileHandle.OpenRead(address.LocalPath))
                {
                    take(file);
                }

                break;
            case "http" or "https":
                for (var attempt = 1; !TryDownload(build, address, take, isLast: attempt == Attempts); attempt++)
                {
                    var pause = TimeSpan.FromMilliseconds(250 * Math.Pow(2, attempt - 1));
                    build.Print($"warning: downloading '{url}' failed; retrying in {(int)pause.TotalMilliseconds} ms (attempt {attempt}/{Attempts})");
                    build.Cancellation.WaitHandle.WaitOne(pause);
                    build.Cancellation.ThrowIfCancellationRequested();
                }

                break;
            default:
                throw BuiltinBuild.Failed($"unable to download '{url}': '{address.Scheme}:' is none of file:, http: and https:");
        }
    }

    private static bool TryDownload(BuiltinBuild build, Uri address, Action<Stream> take, bool isLast)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, build.Cancellation);
            if (!response.IsSuccessStatusCode)
            {
                var status = $"unable to download '{address.OriginalString}': HTTP error {(int)response.StatusCode} ('{response.ReasonPhrase}')";
                return IsTransient(response.StatusCode) && !isLast ? false : throw BuiltinBuild.Failed(status);
            }

            using var content = response.Content.ReadAsStream(build.Cancellation);
            take(content);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return isLast
                ? throw BuiltinBuild.Failed($"unable to download '{address.OriginalString}': {e.Message}")
                : false;
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        (int)status >= 500 && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported)
        || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
}
