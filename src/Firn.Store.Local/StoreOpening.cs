using System.Globalization;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Locks;
using Firn.Platform.Sqlite;
using Firn.Store.Local.Database;

namespace Firn.Store.Local;

/// <summary>Makes the folders and the database of a store where they lack, and opens the database.</summary>
internal sealed class StoreOpening(
    StoreLayout layout, LocalStoreSettings settings, LocalStoreOptions options, IMessageLog log, TimeProvider time)
{
    private string SchemaFile => $"{layout.DatabaseDirectory}/schema";

    /// <summary>Opens the store; the lock is held for as long as the store is open, so that nobody upgrades it meanwhile.</summary>
    internal (StoreDatabase Database, FileHandle? Lock) Open()
    {
        options.Overlay?.Check(layout);
        MakeFolders();
        RefuseSymlinks();
        if (options.IsReadOnly)
        {
            return (OpenReadOnly(), null);
        }

        ReserveSpace();
        var file = OpenBigLock();
        try
        {
            FileLock.Lock(file.Descriptor, LockKind.Shared, () => log.Write(Verbosity.Info, "waiting for the big Nix store lock..."));
            return (OpenDatabase(file), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void MakeFolders()
    {
        FilePath.CreateDirectories(layout.RealStoreDirectory);
        if (!options.IsReadOnly)
        {
            WritableMount.Ensure(layout.RealStoreDirectory);
        }

        FilePath.CreateDirectories(layout.LinksDirectory);
        FilePath.CreateDirectories(layout.ProfilesDirectory);
        FilePath.CreateDirectories(layout.TemporaryRootsDirectory);
        FilePath.CreateDirectories(layout.DatabaseDirectory);
        FilePath.CreateDirectories(layout.GcRootsDirectory);
        foreach (var folder in (ReadOnlySpan<string>)[$"{layout.ProfilesDirectory}/per-user", $"{layout.GcRootsDirectory}/per-user"])
        {
            FilePath.CreateDirectories(folder);
            if (!options.IsReadOnly && PathStatus.FindTarget(folder) is { } status && (status.Permissions & 0x1ff) != 0x1ed)
            {
                FilePath.ChangeMode(folder, 0x1ed);
            }
        }

        if (CurrentUser.IsRoot && options.BuildUsersGroup.Length > 0 && !options.IsReadOnly)
        {
            ShareWithBuilders();
        }
    }

    private void ShareWithBuilders()
    {
        const int StickyForGroup = 0x3fd;
        if (UserDatabase.FindGroup(options.BuildUsersGroup) is not { } group)
        {
            log.Write(Verbosity.Warning, $"the group '{options.BuildUsersGroup}' specified in 'build-users-group' does not exist");
            return;
        }

        var status = PathStatus.FindTarget(layout.RealStoreDirectory)!;
        if (status.User != 0 || status.Group != group || status.Permissions != StickyForGroup)
        {
            FilePath.ChangeOwner(layout.RealStoreDirectory, 0, group);
            FilePath.ChangeMode(layout.RealStoreDirectory, StickyForGroup);
        }
    }

    private void RefuseSymlinks()
    {
        if (settings.AllowSymlinkedStore)
        {
            return;
        }

        for (var path = layout.RealStoreDirectory; path is { Length: > 1 }; path = Path.GetDirectoryName(path))
        {
            if (PathStatus.Find(path) is { IsSymlink: true })
            {
                throw new StoreException(
                    StoreErrors.Unsupported,
                    $"the path '{path}' is a symlink; this is not allowed for the Nix store and its parent directories",
                    hints: $"name the store by where the link leads to, or set 'allow-symlinked-store'");
            }
        }
    }

    /// <summary>Keeps some space that a collector can free first: on a full disk the database could not even be opened.</summary>
    private void ReserveSpace()
    {
        var path = $"{layout.DatabaseDirectory}/reserved";
        try
        {
            if (PathStatus.Find(path)?.Size == settings.GcReservedSpace)
            {
                return;
            }

            using var file = FileHandle.OpenOrCreate(path, 0x180);
            if (!file.TryAllocate(settings.GcReservedSpace))
            {
                file.SetLength(0);
                var piece = new byte[64 * 1024];
                for (var left = settings.GcReservedSpace; left > 0; left -= piece.Length)
                {
                    file.Write(piece.AsSpan(0, (int)Math.Min(left, piece.Length)));
                }
            }

            file.SetLength(settings.GcReservedSpace);
        }
        catch (SystemCallException)
        {
            // Without it all works too, until the disk is full.
        }
    }

    private FileHandle OpenBigLock()
    {
        var path = $"{layout.DatabaseDirectory}/big-lock";
        try
        {
            return FileHandle.OpenOrCreate(path, 0x180);
        }
        catch (SystemCallException e) when (e.Error is Errno.Access or Errno.NotPermitted)
        {
            throw new StoreException(
                StoreErrors.Database, $"cannot open the store at '{layout.RealStoreDirectory}': {e.Message}", e,
                "This command may have been run as non-root in a single-user Nix installation, or the Nix daemon may have crashed.",
                "it belongs to another user: run this as that user, or use a store of your own with '--store'");
        }
    }

    private StoreDatabase OpenReadOnly()
    {
        var version = ReadVersion();
        return version == StoreSchema.Version ? Configure(SqliteOpenMode.Immutable, 0) : throw new StoreException(
            StoreErrors.ReadOnly,
            version == 0
                ? "database does not exist, and cannot be created in read-only mode"
                : "database schema needs migrating, but this cannot be done in read-only mode");
    }

    private StoreDatabase OpenDatabase(FileHandle bigLock)
    {
        var version = ReadVersion();
        if (version != StoreSchema.Version)
        {
            // Alone, lest two processes make the tables at once; unless the other one is done before.
            FileLock.Unlock(bigLock.Descriptor);
            while (!FileLock.TryLock(bigLock.Descriptor, LockKind.Exclusive) && (version = ReadVersion()) != StoreSchema.Version)
            {
                log.Write(Verbosity.Talkative, "waiting for exclusive access to the Nix store...");
                Thread.Sleep(20);
            }

            version = ReadVersion();
        }

        if (version == StoreSchema.Version)
        {
            FileLock.Lock(bigLock.Descriptor, LockKind.Shared);
            return Configure(SqliteOpenMode.Existing, version);
        }

        var database = Configure(version == 0 ? SqliteOpenMode.Create : SqliteOpenMode.Existing, version);
        FileContent.Replace(
            SchemaFile, Encoding.ASCII.GetBytes(StoreSchema.Version.ToString(CultureInfo.InvariantCulture)), 0x1b6, sync: true);
        FileLock.Lock(bigLock.Descriptor, LockKind.Shared);
        return database;
    }

    private int ReadVersion()
    {
        var version = StoreSchema.ReadVersion(SchemaFile);
        StoreSchema.CheckVersion(version, SchemaFile);
        return version;
    }

    private StoreDatabase Configure(SqliteOpenMode mode, int version)
    {
        if (!FilePath.IsWritable(layout.DatabaseDirectory) && !options.IsReadOnly)
        {
            throw new StoreException(
                StoreErrors.Database, $"Nix database directory '{layout.DatabaseDirectory}' is not writable",
                hints: "it belongs to another user: run this as that user, or use a store of your own with '--store'");
        }

        var database = SqliteDatabase.Open($"{layout.DatabaseDirectory}/db.sqlite", mode, settings.UseSqliteWal);
        try
        {
            database.Execute("pragma foreign_keys = 1;");
            if (mode != SqliteOpenMode.Immutable)
            {
                database.Execute($"pragma synchronous = {(settings.FsyncMetadata ? "normal" : "off")};");
                SetJournal(database);
                if (version != StoreSchema.Version)
                {
                    StoreSchema.Upgrade(database, version);
                }

                StoreSchema.Migrate(database, options.HasRealisations);
            }

            return new StoreDatabase(database, layout.Directory, time, options.HasRealisations) { Lower = options.Overlay?.Lower.Database };
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void SetJournal(SqliteDatabase database)
    {
        var wanted = settings.UseSqliteWal ? "wal" : "truncate";
        using (var query = database.Prepare("pragma main.journal_mode;"))
        {
            if (!query.Step() || query.Text(0) != wanted)
            {
                query.Reset();
                database.Execute($"pragma main.journal_mode = {wanted};");
            }
        }

        if (settings.UseSqliteWal)
        {
            // Files of the log that stay let readers in who cannot make them; the limit has them emptied at the end.
            database.Execute("pragma main.journal_size_limit = 1099511627776;");
            database.KeepWriteAheadLog();
            // Enough for the derivations of a whole system without a checkpoint between.
            database.Execute("pragma wal_autocheckpoint = 40000;");
        }
    }
}
