using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Sessions.Ports;

namespace Firn.Sessions.ResultCache;

/// <summary>The files of this machine; takes down what is seen of them.</summary>
internal sealed class ObservedFiles(Observer observer) : IFileTree
{
    private readonly DiskFiles _files = new();

    public FileKind? FindKind(string path) => Refusing(path, () =>
    {
        var status = PathStatus.Find(path);
        var kind = status is null ? (FileKind?)null : DiskFiles.KindOf(status.Mode);
        observer.SawKind(path, kind, status);
        return kind;
    });

    public byte[] ReadFile(string path) => Refusing(path, () =>
    {
        var content = _files.ReadFile(path);
        observer.SawFile(path, content);
        return content;
    });

    public IReadOnlyList<(string Name, FileKind Kind)> ReadDirectory(string path) => Refusing(path, () =>
    {
        var before = PathStatus.FindTarget(path);
        var entries = _files.ReadDirectory(path);
        observer.SawListing(path, entries, before);
        return entries;
    });

    public string ReadLink(string path) => Refusing(path, () =>
    {
        var target = _files.ReadLink(path);
        observer.SawLink(path, target);
        return target;
    });

    public string Resolve(string path) => LinkResolver.Resolve(this, path);

    // What cannot be read now may be readable next time, with another answer.
    private T Refusing<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FirnException or IOException or UnauthorizedAccessException)
        {
            observer.Refuse($"'{path}' cannot be read");
            throw;
        }
    }
}
