using Firn.Platform.Sqlite;

namespace Firn.CacheServer.Metadata;

/// <summary>A connection and the statements that it has compiled; for one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    public SqliteConnection(string file)
    {
        _database = SqliteDatabase.Open(file, SqliteOpenMode.Create);
        _database.Execute("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma cache_size = -4000;");
    }

    public SqliteDatabase Database => _database;

    /// <summary>Returns a statement with values bound to it: texts, whole numbers and null.</summary>
    public SqliteStatement Prepare(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = _database.Prepare(sql));
        }

        statement.Reset();
        foreach (var value in values)
        {
            _ = value switch
            {
                long number => statement.Bind(number),
                int number => statement.Bind(number),
                bool truth => statement.Bind(truth ? 1 : 0),
                _ => statement.Bind((string?)value),
            };
        }

        return statement;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).Run();

    /// <summary>Reads all rows.</summary>
    public List<T> List<T>(Func<SqliteStatement, T> read, string sql, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        var statement = Prepare(sql, values);
        while (statement.Step())
        {
            rows.Add(read(statement));
        }

        statement.Reset();
        return rows;
    }

    /// <summary>Reads the first row, if there is one.</summary>
    public T? Find<T>(Func<SqliteStatement, T> read, string sql, params ReadOnlySpan<object?> values)
        where T : class
    {
        var statement = Prepare(sql, values);
        var found = statement.Step() ? read(statement) : null;
        statement.Reset();
        return found;
    }

    /// <summary>Reads the number in the first row; 0 when there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql, values);
        var number = statement.Step() ? statement.Integer(0) : 0;
        statement.Reset();
        return number;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _database.Dispose();
    }
}
