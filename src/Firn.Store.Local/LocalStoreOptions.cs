using Firn.Model.Signing;
using Firn.Store.Local.Layering;

namespace Firn.Store.Local;

/// <summary>What is not a setting of the store itself, but decides how it is opened.</summary>
public sealed record LocalStoreOptions
{
    public static LocalStoreOptions Default { get; } = new();

    /// <summary>Nothing is written, and the database is believed not to change (<c>?read-only=true</c>).</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether there are tables for outputs of content-addressed derivations.</summary>
    public bool HasRealisations { get; init; }

    /// <summary>The group that may write to the store's directory while building; empty for none.</summary>
    public string BuildUsersGroup { get; init; } = "";

    /// <summary>Whose signatures make an object acceptable.</summary>
    public IReadOnlyCollection<PublicKey> TrustedKeys { get; init; } = [];

    /// <summary>Whether a collection goes on when an object cannot be removed (<c>?ignore-gc-delete-failure=true</c>).</summary>
    public bool IgnoresDeleteFailures { get; init; }

    /// <summary>What the store is made of when its directory is an overlay (<c>local-overlay://</c>); null when it is not.</summary>
    public OverlayLayers? Overlay { get; init; }

    /// <summary>Where a collection waits, for tests of what happens meanwhile.</summary>
    public GcPauses GcPauses { get; init; }

    /// <summary>A file that says how many bytes are free, for tests of <c>min-free</c> (<c>_NIX_TEST_FREE_SPACE_FILE</c>).</summary>
    public string? FreeSpaceFile { get; init; }
}

/// <summary>Files that a collection reads at some moments: with pipes in their place it waits there for a writer.</summary>
/// <param name="BeforeListening">After it took the lock, before it listens for new roots (<c>_NIX_TEST_GC_SYNC_1</c>).</param>
/// <param name="BeforeDeleting">After it found the roots (<c>_NIX_TEST_GC_SYNC_2</c>).</param>
/// <param name="BeforeReadingLinks">After it read what running processes need, before it reads the links.</param>
public readonly record struct GcPauses(string? BeforeListening, string? BeforeDeleting, string? BeforeReadingLinks = null);
