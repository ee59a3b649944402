using System.Collections.Immutable;
using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Sessions.Ports;

namespace Firn.Sessions.ResultCache;

/// <summary>Tells whether the world is still as an evaluation saw it.</summary>
internal sealed class Verifier(EvaluationStore store, IEvaluationFetcher fetcher, Func<string, string?> environment, TimeProvider time)
{
    private readonly DiskFiles _files = new();

    /// <summary>Returns the observations, with signatures brought up to date, or null when one does not hold any more.</summary>
    public ImmutableArray<Observation>? Check(ImmutableArray<Observation> observations)
    {
        ImmutableArray<Observation>.Builder? updated = null;
        try
        {
            for (var i = 0; i < observations.Length; i++)
            {
                var observation = observations[i];
                if (Check(observation) is not { } now)
                {
                    return null;
                }

                if (!ReferenceEquals(now, observation))
                {
                    updated ??= observations.ToBuilder();
                    updated[i] = now;
                }
            }
        }
        catch (Exception e) when (e is FirnException or IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at any more is not as it was.
            return null;
        }

        return updated?.ToImmutable() ?? observations;
    }

    private Observation? Check(Observation observation) => observation switch
    {
        Observation.Content content => Check(content),
        Observation.Listing listing => Check(listing),
        Observation.Kind kind => OnlyIf(_files.FindKind(kind.Path) == kind.Found, kind),
        Observation.Link link => OnlyIf(_files.FindKind(link.Path) == FileKind.Link && _files.ReadLink(link.Path) == link.Target, link),
        Observation.Variable variable => OnlyIf(environment(variable.Name) == variable.Value, variable),
        Observation.Validity validity => OnlyIf(store.IsValid(StorePath.Parse(validity.Path)) == validity.IsValid, validity),
        Observation.Related related => OnlyIf(IsSame(related), related),
        Observation.Fetched fetched => OnlyIf(fetched.Request.Ask(fetcher) == fetched.Result, fetched),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private Observation? Check(Observation.Content content)
    {
        var status = content.IsLink ? PathStatus.FindTarget(content.Path) : PathStatus.Find(content.Path);
        if (status is not { IsRegular: true } && !(content.IsLink && status is not null))
        {
            return null;
        }

        var signature = FileSignature.Of(status, time.GetUtcNow());
        if (signature.IsTrusted && signature == content.Signature)
        {
            return content;
        }

        return content.Hash.Length > 0
            && (content.IsExecutable is not { } executable || executable == status.IsExecutable)
            && ContentHasher.Of(FileContent.ReadAll(content.Path)).AsSpan().SequenceEqual(content.Hash)
            ? Renewed(content, status.Size > 0 ? signature : default)
            : null;
    }

    private Observation? Check(Observation.Listing listing)
    {
        var status = listing.IsLink ? PathStatus.FindTarget(listing.Path) : PathStatus.Find(listing.Path);
        if (status is not { IsDirectory: true })
        {
            return null;
        }

        var signature = FileSignature.Of(status, time.GetUtcNow());
        if (signature.IsTrusted && signature == listing.Signature)
        {
            return listing;
        }

        return Observer.ListingHash(_files.ReadDirectory(listing.Path)).AsSpan().SequenceEqual(listing.Hash)
            ? signature == listing.Signature ? listing : listing with { Signature = signature }
            : null;
    }

    private static Observation.Content Renewed(Observation.Content content, FileSignature signature) =>
        signature == content.Signature ? content : content with { Signature = signature };

    private bool IsSame(Observation.Related related)
    {
        var path = StorePath.Parse(related.Path);
        var now = related.IsClosure ? store.ClosureWithOutputs(path) : store.References(path);
        return now.Select(p => p.ToString()).Order(StringComparer.Ordinal).SequenceEqual(related.Paths);
    }

    private static Observation? OnlyIf(bool holds, Observation observation) => holds ? observation : null;
}
