using Firn.Model.StorePaths;

namespace Firn.Store.Builds;

/// <summary>Keeps what builders printed.</summary>
public interface IBuildLogs
{
    /// <summary>Opens the log of the build that made <paramref name="path"/>, a derivation or an output; null where there is none.</summary>
    Stream? FindLog(StorePath path);

    /// <summary>Keeps <paramref name="log"/>, read to its end, as that of a derivation.</summary>
    void AddLog(StorePath derivation, Stream log);
}
