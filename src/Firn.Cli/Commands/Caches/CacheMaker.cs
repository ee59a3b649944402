using Firn.CacheServer;
using Firn.CacheServer.Metadata;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Cli.Commands.Caches;

/// <summary>Makes caches and tokens.</summary>
internal static class CacheMaker
{
    /// <summary>Makes a private cache, and a token that may pull from it and push to it.</summary>
    public static (NamedCache Cache, string Token) Make(IMetadata metadata, string name, StoreDirectory directory, TimeProvider time)
    {
        if (NamedCache.FindProblem(name) is { } problem)
        {
            throw new UsageException($"a cache cannot be called '{name}': {problem}");
        }

        var cache = metadata.Save(new NamedCache(0, name) { SecretKey = CacheKeys.MakeFirst(name), Directory = directory });
        return (cache, MakeToken(metadata, new AccessToken(0, "first token", "", cache.Id, MayPull: true, MayPush: true), time));
    }

    /// <summary>Makes a token; its text is to be had now and never again.</summary>
    public static string MakeToken(ICacheRegistry registry, AccessToken token, TimeProvider time)
    {
        var text = AccessToken.MakeText();
        registry.Save(token with { Digest = AccessToken.DigestOf(text), Created = time.GetUtcNow() });
        return text;
    }

    /// <summary>Writes a file that only its owner may read.</summary>
    public static void WriteSecret(string file, string text)
    {
        var temporary = $"{file}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(new FileStream(temporary, options)))
        {
            writer.Write(text);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
