using System.Runtime.InteropServices;
using System.Text;

namespace Firn.Platform.Sqlite;

/// <summary>A compiled statement: bind values in order, step through the rows, reset.</summary>
public sealed class SqliteStatement : IDisposable
{
    private const int Null = 5;
    private const nint CopyText = -1;

    private readonly SqliteDatabase _database;
    private readonly string _sql;
    private nint _handle;
    private int _bound;

    internal SqliteStatement(SqliteDatabase database, nint handle, string sql) => (_database, _handle, _sql) = (database, handle, sql);

    /// <summary>Starts anew: no row, no values.</summary>
    public SqliteStatement Reset()
    {
        // Its result repeats the failure of the last step, which was thrown already.
        _ = SqliteNative.Reset(_handle);
        _bound = 0;
        return this;
    }

    public SqliteStatement Bind(string? value)
    {
        if (value is null)
        {
            Check(SqliteNative.BindNull(_handle, ++_bound));
            return this;
        }

        Span<byte> small = stackalloc byte[512];
        var text = Encoding.UTF8.TryGetBytes(value, small, out var length) ? small[..length] : Encoding.UTF8.GetBytes(value);
        // An empty span has no address, and that would bind null.
        Check(SqliteNative.BindText(_handle, ++_bound, in text.IsEmpty ? ref small[0] : ref MemoryMarshal.GetReference(text), text.Length, CopyText));
        return this;
    }

    public SqliteStatement Bind(long value)
    {
        Check(SqliteNative.BindInteger(_handle, ++_bound, value));
        return this;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    /// <exception cref="SqliteException">The statement fails.</exception>
    public bool Step()
    {
        var code = SqliteNative.Step(_handle);
        if (code is SqliteNative.Row or SqliteNative.Done)
        {
            return code == SqliteNative.Row;
        }

        var failure = _database.Failure(code, $"executing SQLite statement '{_sql}'");
        Reset();
        throw failure;
    }

    /// <summary>Runs a statement that gives no rows, and resets it.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public bool IsNull(int column) => SqliteNative.ColumnType(_handle, column) == Null;

    public long Integer(int column) => SqliteNative.ColumnInteger(_handle, column);

    /// <summary>Returns text, or null.</summary>
    public unsafe string? Text(int column)
    {
        var text = SqliteNative.ColumnText(_handle, column);
        return text is null ? null : Encoding.UTF8.GetString(text, SqliteNative.ColumnBytes(_handle, column));
    }

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            _ = SqliteNative.FinalizeStatement(handle);
        }
    }

    private void Check(int code)
    {
        if (code != SqliteNative.Ok)
        {
            throw _database.Failure(code, $"binding a value in SQLite statement '{_sql}'");
        }
    }
}
