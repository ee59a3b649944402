using System.Text;

namespace Firn.Archive.Tarballs;

/// <summary>Turns the names that archives give their members into paths that stay inside the folder.</summary>
internal static class MemberPath
{
    internal const int MaxLength = 4096;
    internal const int MaxNameLength = 255;
    internal const int MaxTargetLength = 4095;
    internal const int MaxDepth = 64;

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new TarballException($"the name '{Encoding.Latin1.GetString(bytes)}' in the archive is not UTF-8");
        }
    }

    /// <summary>Drops leading slashes and <c>.</c> parts, as every unpacker does, and refuses <c>..</c>.</summary>
    internal static string Normalise(string name)
    {
        if (name.Contains('\0') || Encoding.UTF8.GetByteCount(name) > MaxLength)
        {
            throw new TarballException($"a member's name in the archive is longer than {MaxLength} bytes or holds a zero byte");
        }

        var parts = name.Split('/').Where(p => p is not ("" or ".")).ToArray();
        if (parts.Contains(".."))
        {
            throw new TarballException($"the archive's member '{name}' would lie outside the folder it is unpacked into");
        }

        if (parts.Length > MaxDepth || parts.Any(p => Encoding.UTF8.GetByteCount(p) > MaxNameLength))
        {
            throw new TarballException($"the archive's member '{name}' is nested deeper than {MaxDepth} folders or has a name of more than {MaxNameLength} bytes");
        }

        return string.Join('/', parts);
    }

    internal static string CheckTarget(string target, string path)
    {
        if (target.Length == 0 || target.Contains('\0') || Encoding.UTF8.GetByteCount(target) > MaxTargetLength)
        {
            throw new TarballException($"the symbolic link '{path}' in the archive has an empty target, or one of more than {MaxTargetLength} bytes");
        }

        return target;
    }
}
