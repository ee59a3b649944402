using System.Runtime.InteropServices;
using Firn.Model.Diagnostics;

namespace Firn.Platform.Sqlite;

/// <summary>A database could not do what it was asked to.</summary>
public sealed class SqliteException(int code, string doing, string path, string? message)
    : FirnException(new Diagnostic(SqliteErrors.Failed, Describe(code, doing, path, message))
    {
        Hints = (code & 0xff) is 11 or 26 ? [$"the database '{path}' is damaged; restore it from a backup, or dump what can be read with 'sqlite3 {path} .recover'"] : [],
    })
{
    /// <summary>SQLite's result code without its extension.</summary>
    public int Code { get; } = code & 0xff;

    private static string Describe(int code, string doing, string path, string? message)
    {
        var text = Marshal.PtrToStringUTF8(SqliteNative.ErrorText(code));
        return message is null || message == text ? $"{doing}: {text} (in '{path}')" : $"{doing}: {text}, {message} (in '{path}')";
    }
}

/// <summary>The error codes of databases.</summary>
public static class SqliteErrors
{
    public static ErrorCode Failed { get; } = new("platform/sqlite");
}
