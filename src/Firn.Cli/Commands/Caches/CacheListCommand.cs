using Firn.CacheServer.Metadata;
using Firn.CacheServer.Pages;
using Firn.Cli.Parsing;
using Firn.Model.Signing;
using Firn.Sessions;

namespace Firn.Cli.Commands.Caches;

/// <summary><c>firn cache list</c>: lists the caches of this machine's server.</summary>
internal sealed class CacheListCommand : Command
{
    private readonly CacheFolderOption _folder = new();
    private readonly JsonOptions _json = new();

    public override string Summary => "list the caches of this machine's cache server";

    public override void Declare(Grammar grammar)
    {
        _folder.Declare(grammar);
        _json.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        using var folder = _folder.Open(session);
        var caches = folder.Metadata.ListCaches().Select(c => (Cache: c, Size: folder.Metadata.Measure(c))).ToList();
        if (!_json.IsWanted)
        {
            foreach (var (cache, size) in caches)
            {
                var retention = cache.Retention is { } kept ? $", keeps {DurationText.Of(kept)}" : "";
                output.Line(
                    $"{cache.Name}: {(cache.IsPublic ? "public" : "private")}, {size.Paths} paths, {Sizes.Of(size.NarBytes)}, on disk {Sizes.Of(size.StoredBytes)}{retention}");
            }

            return 0;
        }

        output.Json(_json.IsPretty, json =>
        {
            json.WriteStartObject();
            foreach (var (cache, size) in caches)
            {
                json.WriteStartObject(cache.Name);
                json.WriteNumber("hits", size.Use.Hits);
                json.WriteNumber("misses", size.Use.Misses);
                json.WriteNumber("narSize", size.NarBytes);
                json.WriteNumber("paths", size.Paths);
                json.WriteNumber("priority", cache.Priority);
                json.WriteBoolean("public", cache.IsPublic);
                json.WriteString("publicKey", PublicKeyOf(cache));
                if (cache.Retention is { } retention)
                {
                    json.WriteNumber("retention", (long)retention.TotalSeconds);
                }

                json.WriteNumber("sent", size.Use.BytesSent);
                json.WriteString("storeDir", cache.Directory.Path);
                json.WriteNumber("storedSize", size.StoredBytes);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
        return 0;
    }

    internal static string PublicKeyOf(NamedCache cache)
    {
        using var key = SecretKey.Parse(cache.SecretKey);
        return key.PublicKey.ToString();
    }
}
