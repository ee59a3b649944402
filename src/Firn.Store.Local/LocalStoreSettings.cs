using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Store.Local;

/// <summary>How the store on this disk writes, keeps and collects.</summary>
public sealed partial record LocalStoreSettings
{
    /// <summary>Replace equal files in the store by hard links as they are added.</summary>
    [Setting("auto-optimise-store")]
    public bool AutoOptimiseStore { get; init; }

    /// <summary>Keep the derivations of outputs that are alive when collecting garbage.</summary>
    [Setting("keep-derivations", Aliases = ["gc-keep-derivations"])]
    public bool KeepDerivations { get; init; } = true;

    /// <summary>Keep the outputs of derivations that are alive when collecting garbage.</summary>
    [Setting("keep-outputs", Aliases = ["gc-keep-outputs"])]
    public bool KeepOutputs { get; init; }

    /// <summary>Collect garbage during a build when less than this many bytes are free.</summary>
    [Setting("min-free")]
    public long MinFree { get; init; }

    /// <summary>Stop such a collection when this many bytes are free.</summary>
    [Setting("max-free")]
    public long MaxFree { get; init; } = long.MaxValue;

    /// <summary>How many seconds pass between two looks at the free space.</summary>
    [Setting("min-free-check-interval")]
    public TimeSpan MinFreeCheckInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes to keep reserved so that the garbage collector can run on a full disk.</summary>
    [Setting("gc-reserved-space")]
    public long GcReservedSpace { get; init; } = 8388608;

    /// <summary>Make the database wait until changes are on the disk.</summary>
    [Setting("fsync-metadata")]
    public bool FsyncMetadata { get; init; } = true;

    /// <summary>Wait until an object is on the disk before it is registered.</summary>
    [Setting("fsync-store-paths")]
    public bool FsyncStorePaths { get; init; }

    /// <summary>Wait until everything is on the disk before an object is registered.</summary>
    [Setting("sync-before-registering")]
    public bool SyncBeforeRegistering { get; init; }

    /// <summary>Let the database write ahead to a log, which is faster but needs shared memory.</summary>
    [Setting("use-sqlite-wal")]
    public bool UseSqliteWal { get; init; } = true;

    /// <summary>Accept a store directory that is reached through a symbolic link.</summary>
    [Setting("allow-symlinked-store")]
    public bool AllowSymlinkedStore { get; init; }

    /// <summary>Extended attributes that may stay on files in the store.</summary>
    [Setting("ignored-acls")]
    public ImmutableSortedSet<string> IgnoredAcls { get; init; } = ImmutableSortedSet.Create(Model.Text.Utf8Order.Comparer, "security.csm", "security.selinux", "system.nfs4_acl");

    /// <summary>Reserve the space of a file before writing it.</summary>
    [Setting("preallocate-contents")]
    public bool PreallocateContents { get; init; }

    /// <summary>The largest archive in bytes that is kept in memory rather than on disk.</summary>
    [Setting("nar-buffer-size")]
    public long NarBufferSize { get; init; } = 33554432;

    /// <summary>Accept objects that are not content-addressed only with a trusted signature.</summary>
    [Setting("require-sigs")]
    public bool RequireSigs { get; init; } = true;

    /// <summary>Files with the keys that sign what is built here.</summary>
    [Setting("secret-key-files")]
    public ImmutableArray<string> SecretKeyFiles { get; init; } = [];
}
