using System.Collections.Immutable;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Platform.Sqlite;
using Firn.Store.Closures;

namespace Firn.Store.Local.Database;

/// <summary>What the database of a local store knows; safe for many threads, each call is one transaction.</summary>
internal sealed partial class StoreDatabase : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteDatabase _database;
    private readonly StoreDirectory _directory;
    private readonly TimeProvider _time;
    private readonly bool _hasRealisations;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    internal StoreDatabase(SqliteDatabase database, StoreDirectory directory, TimeProvider time, bool hasRealisations) =>
        (_database, _directory, _time, _hasRealisations) = (database, directory, time, hasRealisations);

    internal PathInfo? Find(StorePath path)
    {
        lock (_lock)
        {
            var query = Prepare("select id, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths where path = ?;");
            try
            {
                if (!query.Bind(_directory.Absolute(path)).Step())
                {
                    return Lower?.Find(path);
                }

                var id = query.Integer(0);
                var info = new PathInfo
                {
                    Path = path,
                    NarHash = Hash.Parse(query.Text(1)),
                    RegistrationTime = query.Integer(2),
                    Deriver = query.Text(3) is { Length: > 0 } deriver ? _directory.Parse(deriver) : null,
                    NarSize = query.Integer(4),
                    IsUltimate = query.Integer(5) == 1,
                    Signatures = query.Text(6) is { } signatures ? Split(signatures) : [],
                    ContentAddress = query.Text(7) is { Length: > 0 } address ? ContentAddress.Parse(address) : null,
                };
                var references = Prepare("select path from Refs join ValidPaths on reference = id where referrer = ?;");
                return info with { References = [.. Paths(references.Bind(id)).Order()] };
            }
            catch (InvalidFormatException e)
            {
                throw new StoreException(
                    StoreErrors.Database, $"the database's entry for '{_directory.Absolute(path)}' is damaged: {e.Message}", e,
                    $"'nix-store --delete --ignore-liveness {_directory.Absolute(path)}' removes the object with its entry");
            }
            finally
            {
                // A statement that still has rows keeps the connection at the state it began with.
                query.Reset();
            }
        }
    }

    internal bool IsValid(StorePath path)
    {
        lock (_lock)
        {
            return FindId(path) is not null || Adopt(path);
        }
    }

    internal (IReadOnlyList<StorePath> Paths, long Last) ListAddedAfter(long row)
    {
        lock (_lock)
        {
            var newest = Prepare("select coalesce(max(id), 0) from ValidPaths;");
            newest.Step();
            var last = newest.Integer(0);
            newest.Reset();
            return (Paths(Prepare("select path from ValidPaths where id > ? and id <= ? order by id;").Bind(row).Bind(last)), last);
        }
    }

    /// <summary>Lists the objects that are registered here.</summary>
    internal List<StorePath> ListAll()
    {
        lock (_lock)
        {
            var paths = Paths(Prepare("select path from ValidPaths;"));
            paths.Sort();
            return paths;
        }
    }

    internal StorePath? FindByDigest(string digest)
    {
        var prefix = $"{_directory.Path}/{digest}";
        lock (_lock)
        {
            // "path >= ?" can use the index, "path like" could not.
            var query = Prepare("select path from ValidPaths where path >= ? limit 1;");
            return Paths(query.Bind(prefix)) is [var path] && path.Digest == digest ? path : Lower?.FindByDigest(digest);
        }
    }

    internal List<StorePath> FindReferrers(StorePath path)
    {
        lock (_lock)
        {
            return Sorted([.. FindOwnReferrers(path).Union(Lower?.FindReferrers(path) ?? [])]);
        }
    }

    internal List<StorePath> FindDerivers(StorePath output)
    {
        lock (_lock)
        {
            var query = Prepare("select v.path from DerivationOutputs d join ValidPaths v on d.drv = v.id where d.path = ?;");
            return Sorted([.. Paths(query.Bind(_directory.Absolute(output))).Union(Lower?.FindDerivers(output) ?? [])]);
        }
    }

    /// <summary>Returns the outputs that have known paths; null when the derivation is not valid.</summary>
    internal Dictionary<string, StorePath>? FindOutputs(StorePath derivation)
    {
        lock (_lock)
        {
            if (!IsValid(derivation) || FindId(derivation) is not { } id)
            {
                return null;
            }

            var outputs = new Dictionary<string, StorePath>(StringComparer.Ordinal);
            var query = Prepare("select id, path from DerivationOutputs where drv = ?;").Bind(id);
            while (query.Step())
            {
                outputs[query.Text(0)!] = _directory.Parse(query.Text(1)!);
            }

            return outputs;
        }
    }

    /// <summary>Adds objects, or updates what is known about them, all or none.</summary>
    /// <exception cref="StoreException">One refers to an object that is not valid, or they refer to each other in a circle.</exception>
    internal void Register(IReadOnlyCollection<Registration> registrations) => Register(registrations, []);

    private void Register(IReadOnlyCollection<Registration> registrations, IEnumerable<StorePath> alsoFromLower)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            if (Lower is not null)
            {
                registrations = [
                    .. FromLower([.. registrations.Select(r => r.Info.Path), .. registrations.SelectMany(r => r.Info.References), .. alsoFromLower]),
                    .. registrations];
            }

            _database.InTransaction(() =>
            {
                var ids = new Dictionary<StorePath, long>(registrations.Count);
                foreach (var registration in registrations)
                {
                    ids[registration.Info.Path] = Write(registration, now);
                }

                foreach (var (info, _) in registrations)
                {
                    foreach (var reference in info.References)
                    {
                        if (!ids.TryGetValue(reference, out var id))
                        {
                            ids[reference] = id = FindId(reference) ?? throw StoreException.NotValid(reference, _directory);
                        }

                        Prepare("insert or replace into Refs (referrer, reference) values (?, ?);").Bind(ids[info.Path]).Bind(id).Run();
                    }
                }

                if (registrations.Count > 1)
                {
                    var references = registrations.GroupBy(r => r.Info.Path).ToDictionary(g => g.Key, g => g.Last().Info.References);
                    _ = TopologicalOrder.Of(new SortedSet<StorePath>(references.Keys), p => references[p], (path, parent) => new StoreException(
                        StoreErrors.Cycle, $"cycle detected in the references of '{_directory.Absolute(path)}' from '{_directory.Absolute(parent)}'"));
                }

                return true;
            });
        }
    }

    /// <summary>Replaces what is known about a valid object, but for its references and deriver.</summary>
    internal void Update(PathInfo info)
    {
        lock (_lock)
        {
            UpdateRow(info);
        }
    }

    /// <summary>Adds signatures to those of a valid object.</summary>
    internal void AddSignatures(StorePath path, IEnumerable<string> signatures)
    {
        lock (_lock)
        {
            _database.InTransaction(() =>
            {
                var info = Find(path) ?? throw StoreException.NotValid(path, _directory);
                UpdateRow(info with { Signatures = [.. info.Signatures.Union(signatures).Order(StringComparer.Ordinal)] });
                return true;
            });
        }
    }

    /// <summary>Forgets objects, in this order, all or none.</summary>
    /// <exception cref="StoreException">Another object refers to one of them.</exception>
    internal void Invalidate(IEnumerable<StorePath> paths)
    {
        lock (_lock)
        {
            _database.InTransaction(() =>
            {
                foreach (var path in paths)
                {
                    var referrers = FindOwnReferrers(path).Where(r => !r.Equals(path)).Select(r => $"'{_directory.Absolute(r)}'").ToArray();
                    if (referrers.Length > 0)
                    {
                        throw new StoreException(
                            StoreErrors.InUse,
                            $"cannot delete path '{_directory.Absolute(path)}' because it is in use by {string.Join(", ", referrers)}");
                    }

                    Prepare("delete from ValidPaths where path = ?;").Bind(_directory.Absolute(path)).Run();
                }

                return true;
            });
        }
    }

    internal void Vacuum()
    {
        lock (_lock)
        {
            _database.Execute("vacuum;");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
            _database.Dispose();
        }
    }

    private long Write(Registration registration, long now)
    {
        var info = registration.Info;
        if (FindId(info.Path) is { } known)
        {
            UpdateRow(info);
            return known;
        }

        Prepare("insert into ValidPaths (path, hash, registrationTime, deriver, narSize, ultimate, sigs, ca) values (?, ?, ?, ?, ?, ?, ?, ?);")
            .Bind(_directory.Absolute(info.Path))
            .Bind(info.NarHash.ToString(HashFormat.Base16))
            .Bind(info.RegistrationTime == 0 ? now : info.RegistrationTime)
            .Bind(info.Deriver is { } deriver ? _directory.Absolute(deriver) : null)
            .BindUnlessZero(info.NarSize)
            .BindUnlessZero(info.IsUltimate ? 1 : 0)
            .Bind(info.Signatures.IsEmpty ? null : string.Join(' ', info.Signatures))
            .Bind(info.ContentAddress?.ToString())
            .Run();
        var id = _database.LastInsertedRow;
        foreach (var (name, path) in registration.Outputs)
        {
            Prepare("insert or replace into DerivationOutputs (drv, id, path) values (?, ?, ?);")
                .Bind(id).Bind(name).Bind(_directory.Absolute(path)).Run();
        }

        return id;
    }

    private void UpdateRow(PathInfo info) =>
        Prepare("update ValidPaths set narSize = ?, hash = ?, ultimate = ?, sigs = ?, ca = ? where path = ?;")
            .BindUnlessZero(info.NarSize)
            .Bind(info.NarHash.ToString(HashFormat.Base16))
            .BindUnlessZero(info.IsUltimate ? 1 : 0)
            .Bind(info.Signatures.IsEmpty ? null : string.Join(' ', info.Signatures))
            .Bind(info.ContentAddress?.ToString())
            .Bind(_directory.Absolute(info.Path))
            .Run();

    private List<StorePath> FindOwnReferrers(StorePath path)
    {
        var query = Prepare(
            "select path from Refs join ValidPaths on referrer = id where reference = (select id from ValidPaths where path = ?);");
        return Paths(query.Bind(_directory.Absolute(path)));
    }

    private long? FindId(StorePath path)
    {
        var query = Prepare("select id from ValidPaths where path = ?;").Bind(_directory.Absolute(path));
        long? id = query.Step() ? query.Integer(0) : null;
        query.Reset();
        return id;
    }

    private List<StorePath> Paths(SqliteStatement query)
    {
        var paths = new List<StorePath>();
        while (query.Step())
        {
            paths.Add(_directory.Parse(query.Text(0)!));
        }

        query.Reset();
        return paths;
    }

    private SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = _database.Prepare(sql);
        }

        return statement.Reset();
    }

    private static List<StorePath> Sorted(List<StorePath> paths)
    {
        paths.Sort();
        return paths;
    }

    private static ImmutableArray<string> Split(string signatures) =>
        [.. signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}

/// <summary>An object to be made valid, and for a derivation the outputs whose paths are known.</summary>
internal readonly record struct Registration(PathInfo Info, IReadOnlyList<KnownOutput> Outputs);

internal static class StatementExtensions
{
    internal static SqliteStatement BindUnlessZero(this SqliteStatement statement, long value) =>
        value == 0 ? statement.Bind((string?)null) : statement.Bind(value);
}
