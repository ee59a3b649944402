namespace Firn.CacheServer.Metadata;

/// <summary>The tables of the metadata.</summary>
internal static class SqliteSchema
{
    /// <summary>Goes up when the tables change.</summary>
    public const int Version = 1;

    /// <summary>Makes the tables. Times are seconds since 1970.</summary>
    public const string Create = """
        create table cache (
          id integer primary key, name text not null unique, is_public integer not null, priority integer not null,
          directory text not null, secret_key text not null, retention integer,
          hits integer not null default 0, misses integer not null default 0, sent integer not null default 0);
        create table token (
          id integer primary key, name text not null, digest text not null unique,
          cache integer references cache(id) on delete cascade,
          may_pull integer not null, may_push integer not null, created integer not null, expires integer, revoked integer);
        create table chunk (
          id integer primary key, hash text not null, blob text not null, place integer not null, stored integer not null,
          size integer not null, added integer not null);
        create index chunk_hash on chunk(hash);
        create index chunk_blob on chunk(blob);
        create table nar (
          id integer primary key, hash text not null unique, size integer not null, file_hash text not null,
          file_size integer not null, listing text, added integer not null);
        create index nar_file on nar(file_hash);
        create table nar_chunk (
          nar integer not null references nar(id) on delete cascade, place integer not null,
          chunk integer not null references chunk(id), primary key (nar, place)) without rowid;
        create index nar_chunk_chunk on nar_chunk(chunk);
        create table path (
          cache integer not null references cache(id) on delete cascade, digest text not null, path text not null,
          nar integer not null references nar(id), narinfo text not null, accessed integer not null,
          primary key (cache, digest)) without rowid;
        create index path_nar on path(nar);
        create index path_accessed on path(cache, accessed);
        create table upload (
          cache integer not null references cache(id) on delete cascade, name text not null,
          nar integer not null references nar(id) on delete cascade, primary key (cache, name)) without rowid;
        create index upload_nar on upload(nar);
        create table realisation (
          cache integer not null references cache(id) on delete cascade, id text not null, content text not null,
          primary key (cache, id)) without rowid;
        create table file (
          cache integer not null references cache(id) on delete cascade, name text not null, blob text not null,
          size integer not null, primary key (cache, name)) without rowid;
        """;
}
