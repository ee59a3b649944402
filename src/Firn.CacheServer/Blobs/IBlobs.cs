using Microsoft.Win32.SafeHandles;

namespace Firn.CacheServer.Blobs;

/// <summary>Keeps large pieces of bytes by names; each is written once, whole, and never changed.</summary>
public interface IBlobs
{
    /// <summary>Begins to write one; nobody sees it before <see cref="IBlobWriter.Commit"/>.</summary>
    IBlobWriter Create();

    /// <summary>Opens one, or returns null when there is none; what is open stays readable when it is removed.</summary>
    IBlob? Open(string name);

    /// <summary>Removes one, if it is there.</summary>
    void Remove(string name);

    /// <summary>Lists all, with the time they were written at; also removes what was begun and never finished.</summary>
    IEnumerable<(string Name, DateTimeOffset Written)> List();
}

/// <summary>Writes one blob from start to end; without <see cref="Commit"/>, disposing leaves nothing behind.</summary>
public interface IBlobWriter : IDisposable
{
    /// <summary>The name that it will have.</summary>
    string Name { get; }

    /// <summary>How many bytes were written.</summary>
    long Length { get; }

    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Makes it durable and lets it be seen.</summary>
    void Commit();
}

/// <summary>One blob, open for reading by any number of threads.</summary>
public interface IBlob : IDisposable
{
    /// <summary>How many bytes it has.</summary>
    long Length { get; }

    /// <summary>Reads at a place; 0 at the end.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>The file that it is, from which the kernel can send by itself; null when it is none.</summary>
    SafeFileHandle? File { get; }
}
