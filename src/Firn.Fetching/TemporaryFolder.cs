namespace Firn.Fetching;

/// <summary>A private folder that is removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("firn-fetch-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
