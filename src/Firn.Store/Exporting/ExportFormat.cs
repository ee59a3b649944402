using System.Buffers.Binary;
using System.Text;

namespace Firn.Store.Exporting;

/// <summary>The numbers and strings of <c>nix-store --export</c>: 8 bytes, little end first; strings padded to 8 bytes.</summary>
public static class ExportFormat
{
    internal const long Magic = 0x4558494e;

    /// <summary>How long a string may be; all are store paths.</summary>
    private const int MaxString = 4096;

    internal static void WriteNumber(Stream output, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        output.Write(bytes);
    }

    internal static void WriteString(Stream output, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber(output, bytes.Length);
        output.Write(bytes);
        output.Write("\0\0\0\0\0\0\0"u8[..(-bytes.Length & 7)]);
    }

    /// <summary>Reads a number of at most <paramref name="max"/>.</summary>
    /// <exception cref="StoreException">It ends too early, or the number is too large.</exception>
    public static long ReadNumber(Stream input, long max = long.MaxValue)
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(input, bytes);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return number <= (ulong)max ? (long)number : throw Bad($"the number {number} is too large");
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="StoreException">It ends too early, or the string is too long.</exception>
    public static string ReadString(Stream input)
    {
        var length = (int)ReadNumber(input, MaxString);
        var bytes = new byte[(length + 7) & ~7];
        Fill(input, bytes);
        return bytes.AsSpan(length).ContainsAnyExcept((byte)0) ? throw Bad("non-zero padding") : Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>Reads what comes after a NAR; false when it is something else.</summary>
    public static bool ReadMagic(Stream input) => ReadNumber(input) == Magic;

    /// <summary>Makes the error for input that is no export.</summary>
    public static StoreException Bad(string problem) =>
        new(StoreErrors.BadExport, $"input doesn't look like something created by 'nix-store --export': {problem}");

    private static void Fill(Stream input, Span<byte> bytes)
    {
        if (input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Bad("it ends too early");
        }
    }
}
