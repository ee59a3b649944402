using Firn.Platform.Files;

namespace Firn.Tests;

/// <summary>A folder that is there for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("firn-test-").FullName;

    /// <summary>Removes it, with read-only folders and names that are not UTF-8.</summary>
    public void Dispose() => FileTree.Delete(Path);
}
