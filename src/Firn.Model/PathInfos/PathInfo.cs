using System.Collections.Immutable;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.PathInfos;

/// <summary>What a store knows about one valid object.</summary>
public sealed record PathInfo
{
    public required StorePath Path { get; init; }

    /// <summary>The SHA-256 of the object's NAR.</summary>
    public required Hash NarHash { get; init; }

    /// <summary>The size of the NAR in bytes; 0 when nobody measured it.</summary>
    public required long NarSize { get; init; }

    /// <summary>The objects whose digests appear in this one, sorted; it may refer to itself.</summary>
    public ImmutableArray<StorePath> References { get; init; } = [];

    /// <summary>The derivation whose output this is, where known; it need not exist.</summary>
    public StorePath? Deriver { get; init; }

    /// <summary>When it became valid, in whole seconds since 1970 in UTC; 0 when not known.</summary>
    public long RegistrationTime { get; init; }

    /// <summary>Whether it was built by this store itself, which counts as a signature.</summary>
    public bool IsUltimate { get; init; }

    /// <summary>The signatures, as <c>key-name:base64</c>, sorted.</summary>
    public ImmutableArray<string> Signatures { get; init; } = [];

    /// <summary>The hash of its content from which its path follows, or null when it is named by its inputs.</summary>
    public ContentAddress? ContentAddress { get; init; }

    /// <summary>The references other than to itself.</summary>
    public IEnumerable<StorePath> OtherReferences => References.Where(r => !r.Equals(Path));
}
