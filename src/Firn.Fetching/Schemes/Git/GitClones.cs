using System.Text;
using Firn.Fetching.Inputs;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Platform.Locks;
using Firn.Transfers;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Keeps bare clones of remote repositories in the user's cache, where C++ Nix keeps them too.</summary>
internal sealed class GitClones(GitProgram git, string cacheDirectory, TimeSpan freshFor, IMessageLog log, TimeProvider time)
{
    /// <summary>A branch that nobody has, so that git does not ask how the first one is to be called.</summary>
    private const string InitialBranch = "__nix_dummy_branch";

    /// <summary>Brings the clone of <paramref name="url"/> up to date as far as <paramref name="input"/> needs it.</summary>
    /// <param name="url">The remote repository.</param>
    /// <param name="input">Which commit is wanted.</param>
    /// <param name="fallback">Names the branch when the remote does not say its main one.</param>
    internal (GitRepository Repository, string Revision, string Reference) Fetch(string url, InputAttributes input, Func<string> fallback)
    {
        var shallow = input.FindFlag("shallow") ?? false;
        var directory = Path.Combine(cacheDirectory, "gitv3", Hash.Sha256(Encoding.UTF8.GetBytes(url)).Digest(HashFormat.Nix32) + (shallow ? "-shallow" : ""));
        var repository = new GitRepository(git, directory, isBare: true);
        var reference = input.Ref ?? FindMainBranch(url, repository) ?? fallback();
        Directory.CreateDirectory(Path.GetDirectoryName(directory)!);
        using var held = LockFile.Acquire(directory + ".lock", () => log.Write(Verbosity.Info, $"waiting for another process that fetches '{UrlRedaction.Redact(url)}'"));
        Initialise(repository, url);

        var revision = input.FindRevision()?.Digest(HashFormat.Base16);
        var allReferences = input.FindFlag("allRefs") ?? false;
        var referenceFile = Path.Combine(directory, reference.StartsWith("refs/", StringComparison.Ordinal) ? reference : "refs/heads/" + reference);
        if (revision is null ? allReferences || !IsFresh(referenceFile) : !repository.HasObject(revision))
        {
            Update(repository, url, RefSpec(reference, revision, allReferences), shallow, referenceFile);
            if (revision is null && File.Exists(referenceFile))
            {
                File.SetLastWriteTimeUtc(referenceFile, time.GetUtcNow().UtcDateTime);
            }

            if (input.Ref is null && repository.TryRun("symbolic-ref", "--", "HEAD", reference).Status != 0)
            {
                log.Write(Verbosity.Warning, $"could not update cached head '{reference}' for '{UrlRedaction.Redact(url)}'");
            }
        }

        if (revision is not null && !repository.HasObject(revision))
        {
            throw NoSuchRevision(revision, reference, url);
        }

        return (repository, revision ?? repository.ResolveCommit(reference), reference);
    }

    internal static FetchException NoSuchRevision(string revision, string reference, string url) => new(FetchErrors.Git,
        $"Cannot find Git revision '{revision}' in ref '{reference}' of repository '{UrlRedaction.Redact(url)}'! Please make sure that the rev exists on the ref you've specified or add allRefs = true; to fetchGit.");

    private static string RefSpec(string reference, string? revision, bool allReferences) =>
        allReferences ? "refs/*:refs/*"
        : revision is not null ? revision
        : reference.StartsWith("refs/", StringComparison.Ordinal) ? $"{reference}:{reference}"
        : reference == "HEAD" ? "HEAD:HEAD"
        : $"refs/heads/{reference}:refs/heads/{reference}";

    private void Initialise(GitRepository repository, string url)
    {
        if (!File.Exists(Path.Combine(repository.Path, "HEAD")))
        {
            git.Run(["-c", $"init.defaultBranch={InitialBranch}", "init", "--quiet", "--bare", "--", repository.Path]);
        }

        // Where submodules with a relative URL are depends on it.
        repository.Run("config", "remote.origin.url", url);
    }

    private void Update(GitRepository repository, string url, string refSpec, bool shallow, string referenceFile)
    {
        log.Write(Verbosity.Talkative, $"fetching Git repository '{UrlRedaction.Redact(url)}'");
        var result = repository.TryRun(["fetch", "--quiet", "--force", .. shallow ? (ReadOnlySpan<string>)["--depth", "1"] : [], "--", url, refSpec]);
        if (result.Status == 0)
        {
            return;
        }

        var failure = $"Failed to fetch git repository '{UrlRedaction.Redact(url)}'";
        if (!File.Exists(referenceFile))
        {
            throw new FetchException(FetchErrors.Git, $"{failure}: {result.Errors.Trim()}");
        }

        log.Write(Verbosity.Error, $"{failure}: {result.Errors.Trim()}");
        log.Write(Verbosity.Warning, $"could not update local clone of Git repository '{UrlRedaction.Redact(url)}'; continuing with the most recent version");
    }

    /// <summary>Returns the branch that the remote has checked out: as remembered while that is fresh, else as it says.</summary>
    private string? FindMainBranch(string url, GitRepository clone)
    {
        string? remembered = null;
        if (File.Exists(Path.Combine(clone.Path, "HEAD")))
        {
            remembered = ReadHead(clone.Path);
            if (remembered is not (null or InitialBranch) && IsFresh(Path.Combine(clone.Path, "HEAD")))
            {
                return remembered;
            }
        }

        if (ReadHead(url) is { } head)
        {
            return head;
        }

        if (remembered is not null)
        {
            log.Write(Verbosity.Warning, $"could not get HEAD ref for repository '{UrlRedaction.Redact(url)}'; using expired cached ref '{remembered}'");
        }

        return remembered;
    }

    /// <summary>Reads <c>ref: refs/heads/main TAB HEAD</c>, or a commit in place of the branch.</summary>
    private string? ReadHead(string url)
    {
        var result = git.TryRun(["ls-remote", "--symref", url]);
        var line = result.Text.Split('\n')[0].Split('\t');
        return result.Status == 0 && line is [var target, "HEAD"]
            ? target.StartsWith("ref: ", StringComparison.Ordinal) ? target["ref: ".Length..].Trim() : target
            : null;
    }

    private bool IsFresh(string file) => File.Exists(file) && File.GetLastWriteTimeUtc(file) + freshFor > time.GetUtcNow().UtcDateTime;
}
