using Firn.Archive.Compression;
using Firn.Model.StorePaths;
using Firn.Store.Local;

namespace Firn.Building.Logs;

/// <summary>The file that keeps what a builder printed, for <c>nix log</c>.</summary>
public sealed class LogFile : IDisposable
{
    private readonly Stream _stream;

    private LogFile(Stream stream) => _stream = stream;

    /// <summary>Opens the log of a derivation's build anew; null when none is to be kept.</summary>
    public static LogFile? Open(StoreLayout layout, StorePath derivation, BuildSettings settings)
    {
        if (!settings.KeepBuildLog)
        {
            return null;
        }

        var path = layout.LogPath(derivation);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var method = settings.CompressBuildLog ? CompressionMethod.Bzip2 : CompressionMethod.None;
        var file = new FileStream(path + method.Ending(), FileMode.Create, FileAccess.Write, FileShare.Read);
        return new LogFile(CompressedStream.OpenWrite(file, method));
    }

    public void Write(ReadOnlySpan<byte> output) => _stream.Write(output);

    public void Dispose() => _stream.Dispose();
}
