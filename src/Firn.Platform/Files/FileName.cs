using System.Text;

namespace Firn.Platform.Files;

/// <summary>Turns names and paths into what system calls take, and back.</summary>
internal static class FileName
{
    internal static byte[] Terminated(ReadOnlySpan<byte> name)
    {
        var result = new byte[name.Length + 1];
        name.CopyTo(result);
        return result;
    }

    internal static byte[] Terminated(string path)
    {
        var result = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, result);
        return result;
    }
}
