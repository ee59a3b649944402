using System.Runtime.InteropServices;
using System.Text;

namespace Firn.Platform.Sqlite;

/// <summary>How a database is opened.</summary>
public enum SqliteOpenMode
{
    /// <summary>To read and write; it must exist.</summary>
    Existing,

    /// <summary>To read and write; it is made where there is none.</summary>
    Create,

    /// <summary>To read only, in the belief that nobody changes it.</summary>
    Immutable,
}

/// <summary>One connection to a SQLite database, for one thread at a time.</summary>
/// <remarks>A thin layer over the library itself: it starts faster than ADO.NET and reaches what that does not offer,
/// such as keeping the write-ahead log when the last connection closes.</remarks>
public sealed class SqliteDatabase : IDisposable
{
    private const int ReadOnlyFlag = 1;
    private const int ReadWriteFlag = 2;
    private const int CreateFlag = 4;
    private const int UriFlag = 0x40;
    private const int PersistWalOperation = 10;
    private const int OneHour = 60 * 60 * 1000;

    private nint _handle;

    private SqliteDatabase(nint handle, string path) => (_handle, Path) = (handle, path);

    /// <summary>The file.</summary>
    public string Path { get; }

    internal nint Handle => _handle;

    /// <summary>Opens the database in <paramref name="path"/>.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteDatabase Open(string path, SqliteOpenMode mode, bool useSharedMemory = true)
    {
        var flags = UriFlag | mode switch
        {
            SqliteOpenMode.Create => ReadWriteFlag | CreateFlag,
            SqliteOpenMode.Immutable => ReadOnlyFlag,
            _ => ReadWriteFlag,
        };
        var uri = $"file:{Uri.EscapeDataString(path)}?immutable={(mode == SqliteOpenMode.Immutable ? 1 : 0)}";
        var code = SqliteNative.Open(uri, out var handle, flags, useSharedMemory ? null : "unix-dotfile");
        if (code != SqliteNative.Ok)
        {
            _ = SqliteNative.Close(handle);
            throw new SqliteException(code, "cannot open SQLite database", path, null);
        }

        _ = SqliteNative.BusyTimeout(handle, OneHour);
        return new SqliteDatabase(handle, path);
    }

    /// <summary>Runs statements that give no rows.</summary>
    /// <exception cref="SqliteException">One of them fails.</exception>
    public void Execute(string sql)
    {
        var code = SqliteNative.Execute(_handle, sql, 0, 0, 0);
        if (code != SqliteNative.Ok)
        {
            throw Failure(code, $"executing SQLite statement '{sql}'");
        }
    }

    /// <summary>Compiles a statement to be run many times.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        const uint Persistent = 1;
        var code = SqliteNative.Prepare(_handle, text, text.Length, Persistent, out var statement, 0);
        return code == SqliteNative.Ok
            ? new SqliteStatement(this, statement, sql)
            : throw Failure(code, $"creating statement '{sql}'");
    }

    /// <summary>Runs <paramref name="work"/> so that all of its changes are made, or none.</summary>
    public T InTransaction<T>(Func<T> work)
    {
        Execute("begin immediate;");
        try
        {
            var result = work();
            Execute("commit;");
            return result;
        }
        catch
        {
            // When the commit itself failed there may be nothing left to roll back.
            _ = SqliteNative.Execute(_handle, "rollback;", 0, 0, 0);
            throw;
        }
    }

    /// <summary>The row that the last insertion made.</summary>
    public long LastInsertedRow => SqliteNative.LastInsertedRow(_handle);

    /// <summary>Keeps the write-ahead log's files when the last connection closes, so that readers need not be able to make them.</summary>
    public void KeepWriteAheadLog()
    {
        var enable = 1;
        _ = SqliteNative.FileControl(_handle, 0, PersistWalOperation, ref enable);
    }

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            _ = SqliteNative.Close(handle);
        }
    }

    internal SqliteException Failure(int code, string doing) =>
        new(code, doing, Path, Marshal.PtrToStringUTF8(SqliteNative.ErrorMessage(_handle)));
}
