using Firn.CacheServer.Metadata;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.CacheServer.Http;

/// <summary>Says what is wrong with what a client sends about an object, before other clients come to grief over it.</summary>
internal static class NarInfoCheck
{
    /// <summary>How many keys may have signed an object.</summary>
    private const int MaxSignatures = 64;

    private const int SignatureSize = 64;

    /// <summary>Returns what is wrong with a narinfo whose archive is there; null when nothing is.</summary>
    /// <param name="sent">The narinfo.</param>
    /// <param name="nar">The archive.</param>
    /// <param name="file">The archive's file, as the narinfo calls it.</param>
    /// <param name="directory">The store.</param>
    public static string? FindProblem(NarInfo sent, StoredNar nar, string file, StoreDirectory directory)
    {
        var info = sent.Info;
        if (FindProblem(info.Signatures) is { } problem)
        {
            return problem;
        }

        // What clients compress is not kept as they did it, and nobody will be told of its hash; ours is known.
        if ($"nar/{file}" == nar.Url && sent.FileHash is { } hash && (!hash.Equals(nar.FileHash) || sent.FileSize != nar.FileSize))
        {
            return $"the file '{nar.Url}' has the hash {nar.FileHash} and {nar.FileSize} bytes, not {hash} and {sent.FileSize}";
        }

        return info.ContentAddress is { } address
            && directory.MakeContentAddressed(info.Path.Name, address, info.OtherReferences, info.References.Contains(info.Path)) is var path
            && !path.Equals(info.Path)
                ? $"its content address makes the path '{path}', not '{info.Path}'"
                : null;
    }

    /// <summary>Returns what is wrong with signatures; null when nothing is. Whether they are right depends on whom one trusts.</summary>
    public static string? FindProblem(IReadOnlyCollection<string> signatures) => signatures.Count > MaxSignatures
        ? $"it has more than {MaxSignatures} signatures"
        : signatures.FirstOrDefault(s => !IsSignature(s)) is { } bad ? $"'{bad}' is no signature: that is a key's name, ':' and {SignatureSize} bytes in base 64"
        : null;

    private static bool IsSignature(string text)
    {
        var colon = text.IndexOf(':');
        var bytes = new byte[text.Length];
        return colon > 0 && Convert.TryFromBase64String(text[(colon + 1)..], bytes, out var length) && length == SignatureSize;
    }
}
