using System.Globalization;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Platform.Locks;
using Firn.Transfers;

namespace Firn.Fetching.Schemes.Mercurial;

/// <summary>Keeps clones of Mercurial repositories in the user's cache, where C++ Nix keeps them too.</summary>
internal sealed class MercurialClones(MercurialProgram hg, string cacheDirectory, IMessageLog log)
{
    /// <summary>What hg adds to each tree that it exports.</summary>
    private const string ExportNote = ".hg_archival.txt";

    /// <summary>Finds a commit; asks the repository what is new unless the clone has the wanted revision.</summary>
    /// <param name="place">A path or a URL.</param>
    /// <param name="revision">The commit, or null for what <paramref name="reference"/> leads to.</param>
    /// <param name="reference">A branch, bookmark or tag.</param>
    /// <exception cref="FetchException">The repository cannot be reached, or has no such commit.</exception>
    internal MercurialCommit Get(string place, string? revision, string reference)
    {
        var clone = CloneOf(place);
        Directory.CreateDirectory(Path.GetDirectoryName(clone)!);
        using var held = LockFile.Acquire(clone + ".lock", () => log.Write(Verbosity.Info, $"waiting for another process that fetches '{UrlRedaction.Redact(place)}'"));
        if (revision is not null && Directory.Exists(clone) && Find(clone, revision) is { } known)
        {
            return known;
        }

        log.Write(Verbosity.Talkative, $"fetching Mercurial repository '{UrlRedaction.Redact(place)}'");
        if (Directory.Exists(clone))
        {
            Pull(clone, place);
        }
        else
        {
            Clone(clone, place);
        }

        return Find(clone, revision ?? reference) ?? throw new FetchException(
            FetchErrors.Mercurial, $"the Mercurial repository '{UrlRedaction.Redact(place)}' has no branch, bookmark, tag or revision '{revision ?? reference}', or more than one");
    }

    /// <summary>Writes the files of a commit that <see cref="Get"/> found into <paramref name="folder"/>.</summary>
    internal void Export(string place, string revision, string folder)
    {
        // The name of the folder is a pattern, in which '%' means something.
        var target = folder.Replace("%", "%%", StringComparison.Ordinal);
        hg.Run(MercurialProgram.In(CloneOf(place), "archive", $"--rev={revision}", "--type=files", "--", target));
        File.Delete(Path.Combine(folder, ExportNote));
    }

    private string CloneOf(string place) => Path.Combine(cacheDirectory, "hg", Hash.Sha256(Encoding.UTF8.GetBytes(place)).Digest(HashFormat.Nix32));

    private void Clone(string clone, string place)
    {
        // A clone that broke off must not be taken for one.
        var started = clone + ".new";
        if (Directory.Exists(started))
        {
            Directory.Delete(started, recursive: true);
        }

        hg.Run(["--cwd", Path.GetDirectoryName(clone)!, "clone", "--noupdate", "--", place, started]);
        Directory.Move(started, clone);
    }

    private void Pull(string clone, string place)
    {
        if (File.Exists(Path.Combine(clone, ".hg/store/journal")))
        {
            // An earlier one was killed; or somebody else is at it, then there is nothing to mend once hg has waited.
            hg.TryRun(MercurialProgram.In(clone, "recover"));
        }

        hg.Run(MercurialProgram.In(clone, "pull", "--", place));
    }

    /// <summary>Returns the one commit that is called so; null when there is none, or more than one.</summary>
    private MercurialCommit? Find(string clone, string name)
    {
        var result = hg.TryRun(MercurialProgram.In(clone, "log", $"--rev={name}", "--template", "{node} {rev} {branch}\n"));
        return result.Status == 0 && result.Text.Split('\n') is [var line] && line.Split(' ', 3) is [var node, var number, var branch]
            ? new MercurialCommit(node, ulong.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture), branch)
            : null;
    }
}

/// <summary>A commit.</summary>
/// <param name="Revision">What it is called everywhere.</param>
/// <param name="Number">Its place in the clone, counted from 0.</param>
/// <param name="Branch">The branch that it is on.</param>
internal sealed record MercurialCommit(string Revision, ulong Number, string Branch);
