using Firn.Archive;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Store.Contents;

/// <summary>Takes content and names it by its hash.</summary>
/// <remarks>All are idempotent, make the result a temporary root, and leave what is valid already as it is.</remarks>
public interface IContentSink
{
    /// <summary>Adds a file or a tree of the file system.</summary>
    StorePath AddFromDisk(string name, string source, ContentOptions options);

    /// <summary>Adds what a NAR holds; reads exactly one NAR.</summary>
    StorePath AddFromNar(string name, Stream nar, ContentOptions options);

    /// <summary>Adds a file by its bytes as "text", which may refer to other objects.</summary>
    StorePath AddText(string name, ReadOnlyMemory<byte> content, IEnumerable<StorePath> references, bool repair);
}

/// <summary>How content is hashed and what of it is taken.</summary>
public sealed record ContentOptions
{
    public static ContentOptions Default { get; } = new();

    public ContentAddressMethod Method { get; init; } = ContentAddressMethod.NixArchive;

    public HashAlgorithm Algorithm { get; init; } = HashAlgorithm.Sha256;

    /// <summary>What the content refers to.</summary>
    public IReadOnlyCollection<StorePath> References { get; init; } = [];

    /// <summary>Which files below the source are taken, by absolute path and kind; null takes all.</summary>
    public PathFilter? Filter { get; init; }

    /// <summary>Whether to write the object even when it is valid already.</summary>
    public bool Repair { get; init; }
}
