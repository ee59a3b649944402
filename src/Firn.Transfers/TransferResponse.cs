using System.Collections.Immutable;

namespace Firn.Transfers;

/// <summary>What a server answers.</summary>
public sealed class TransferResponse : IDisposable
{
    /// <summary>Whether the version that is here already is the newest.</summary>
    public bool IsNotModified { get; init; }

    /// <summary>The bytes, as they come; a connection that breaks off is mended behind it.</summary>
    public Stream Body { get; init; } = Stream.Null;

    /// <summary>How many bytes come over the wire; null when the server does not say.</summary>
    public long? Length { get; init; }

    /// <summary>The server's tag for this version, empty when it gives none.</summary>
    public string ETag { get; init; } = "";

    /// <summary>All URLs on the way, the last one where it really is.</summary>
    public ImmutableArray<string> Urls { get; init; } = [];

    /// <summary>A URL that the server says will always give this version.</summary>
    public string? ImmutableUrl { get; init; }

    public void Dispose() => Body.Dispose();
}
