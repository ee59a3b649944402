using System.Collections.Immutable;
using System.Text.Json;
using Firn.Fetching.Inputs;
using Firn.Fetching.Schemes.Tarballs;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Transfers;

namespace Firn.Fetching.Schemes.Forges;

/// <summary>Takes archives that a forge makes of revisions.</summary>
public sealed class ForgeTrees(
    Forge forge, FetchSettings settings, FetchStore store, FileDownloads files, TarballDownloads tarballs, IMessageLog log) : ITreeSource
{
    public TreeOffer Offer(InputAttributes input)
    {
        var headers = Headers(input);
        var revision = input.FindRevision()?.Digest(HashFormat.Base16) ?? Resolve(input, headers);
        var locked = input.Without("ref").With("rev", revision);
        var url = forge.ArchiveUrl(locked, hasToken: !headers.IsEmpty);
        var tree = tarballs.Get(url, input.Name, headers);
        return new TreeOffer(
            locked.With("lastModified", tree.LastModified), revision,
            name => name == tree.Path.Name ? tree.Path : tarballs.Get(url, name, headers).Path);
    }

    /// <summary>Returns the token for the longest beginning of host, owner and repository that the settings have one for.</summary>
    public static string? FindToken(IReadOnlyDictionary<string, string> tokens, string host, string owner, string repository)
    {
        var place = $"{host}/{owner}/{repository}";
        return tokens.Where(t => place == t.Key || place.StartsWith(t.Key + "/", StringComparison.Ordinal))
            .OrderByDescending(t => t.Key.Length).Select(t => t.Value).FirstOrDefault();
    }

    private ImmutableArray<TransferHeader> Headers(InputAttributes input) =>
        FindToken(settings.AccessTokens, forge.HostOf(input), input.GetText("owner"), input.GetText("repo")) is { } token
            ? [forge.Header(token)]
            : [];

    private string Resolve(InputAttributes input, ImmutableArray<TransferHeader> headers)
    {
        var named = input.Ref is null ? input.With("ref", "HEAD") : input;
        string? revision;
        try
        {
            revision = forge.FindRevision(named, url => File.ReadAllBytes(store.RealPath(files.Get(url, "source", headers).Path)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FetchException(FetchErrors.Transfer, $"unexpected response received from '{forge.HostOf(input)}': {e.Message}");
        }

        log.Write(Verbosity.Debug, $"{named.Ref} of '{forge.Name}:{input.GetText("owner")}/{input.GetText("repo")}' is {revision}");
        return revision is not null && ForgeRevision.IsRevision(revision)
            ? revision
            : throw new FetchException(FetchErrors.BadInput, $"'{named.Ref}' of '{forge.Name}:{input.GetText("owner")}/{input.GetText("repo")}' is no branch or tag");
    }
}
