using System.Globalization;
using Firn.Platform.Files;
using Firn.Platform.Sqlite;

namespace Firn.Store.Local.Database;

/// <summary>The tables of a store's database, which C++ Nix reads and writes too.</summary>
internal static class StoreSchema
{
    /// <summary>What the file <c>db/schema</c> must say.</summary>
    internal const int Version = 10;

    // Version 7 was the first with SQLite and narSize; the columns that came later can be added.
    private const int OldestUpgradable = 7;

    private const string CaDerivationsMigration = "20220326-ca-derivations";

    private const string Tables = """
        create table if not exists ValidPaths (
            id integer primary key autoincrement not null,
            path text unique not null,
            hash text not null,
            registrationTime integer not null,
            deriver text,
            narSize integer,
            ultimate integer,
            sigs text,
            ca text
        );
        create table if not exists Refs (
            referrer integer not null,
            reference integer not null,
            primary key (referrer, reference),
            foreign key (referrer) references ValidPaths(id) on delete cascade,
            foreign key (reference) references ValidPaths(id) on delete restrict
        );
        create index if not exists IndexReferrer on Refs(referrer);
        create index if not exists IndexReference on Refs(reference);
        create trigger if not exists DeleteSelfRefs before delete on ValidPaths
          begin
            delete from Refs where referrer = old.id and reference = old.id;
          end;
        create table if not exists DerivationOutputs (
            drv integer not null,
            id text not null,
            path text not null,
            primary key (drv, id),
            foreign key (drv) references ValidPaths(id) on delete cascade
        );
        create index if not exists IndexDerivationOutputs on DerivationOutputs(path);
        """;

    private const string CaDerivationsTables = """
        create table if not exists Realisations (
            id integer primary key autoincrement not null,
            drvPath text not null,
            outputName text not null,
            outputPath integer not null,
            signatures text,
            foreign key (outputPath) references ValidPaths(id) on delete cascade
        );
        create index if not exists IndexRealisations on Realisations(drvPath, outputName);
        create trigger if not exists DeleteSelfRefsViaRealisations before delete on ValidPaths
          begin
            delete from RealisationsRefs where realisationReference in (
              select id from Realisations where outputPath = old.id
            );
          end;
        create table if not exists RealisationsRefs (
            referrer integer not null,
            realisationReference integer,
            foreign key (referrer) references Realisations(id) on delete cascade,
            foreign key (realisationReference) references Realisations(id) on delete restrict
        );
        create index if not exists IndexRealisationsRefsRealisationReference on RealisationsRefs(realisationReference);
        create index if not exists IndexRealisationsRefs on RealisationsRefs(referrer);
        create index if not exists IndexRealisationsRefsOnOutputPath on Realisations(outputPath);
        """;

    /// <summary>Reads the version from <c>db/schema</c>; 0 where there is no such file yet.</summary>
    internal static int ReadVersion(string file)
    {
        if (!PathStatus.Exists(file))
        {
            return 0;
        }

        using var stream = FileHandle.OpenRead(file);
        using var reader = new StreamReader(stream);
        return int.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new StoreException(StoreErrors.Schema, $"'{file}' is corrupt: it must hold the number {Version}");
    }

    /// <summary>Checks that a store of this version can be used.</summary>
    /// <exception cref="StoreException">It is too new or too old.</exception>
    internal static void CheckVersion(int version, string file)
    {
        if (version > Version)
        {
            throw new StoreException(
                StoreErrors.Schema, $"current Nix store schema is version {version}, but I only support {Version}",
                hints: $"a newer Nix has upgraded this store (see '{file}'); use that one");
        }

        if (version is > 0 and < OldestUpgradable)
        {
            throw new StoreException(
                StoreErrors.Schema, $"your Nix store has a database of version {version}, which is no longer supported",
                hints: "upgrade it with Nix 1.11 first");
        }
    }

    /// <summary>Makes the tables of a new store, or adds to those of an old one what came later.</summary>
    internal static void Upgrade(SqliteDatabase database, int from)
    {
        if (from == 0)
        {
            database.Execute(Tables);
            return;
        }

        database.InTransaction(() =>
        {
            if (from < 8)
            {
                database.Execute("alter table ValidPaths add column ultimate integer; alter table ValidPaths add column sigs text;");
            }

            if (from < 9)
            {
                database.Execute("drop table if exists FailedPaths;");
            }

            if (from < 10)
            {
                database.Execute("alter table ValidPaths add column ca text;");
            }

            return true;
        });
    }

    /// <summary>Makes the tables that only <c>ca-derivations</c> needs, once.</summary>
    internal static void Migrate(SqliteDatabase database, bool caDerivations)
    {
        database.Execute("create table if not exists SchemaMigrations (migration text primary key not null);");
        if (!caDerivations || IsDone(database))
        {
            return;
        }

        database.InTransaction(() =>
        {
            if (!IsDone(database))
            {
                database.Execute($"{CaDerivationsTables} insert into SchemaMigrations values('{CaDerivationsMigration}');");
            }

            return true;
        });
    }

    private static bool IsDone(SqliteDatabase database)
    {
        using var query = database.Prepare("select 1 from SchemaMigrations where migration = ?;");
        return query.Bind(CaDerivationsMigration).Step();
    }
}
