using System.Text;
using Firn.Fetching.Caching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Store.Contents;

namespace Firn.Fetching.Schemes.Mercurial;

/// <summary>Gets commits and work trees out of Mercurial repositories.</summary>
public sealed class MercurialFetcher : ITreeSource
{
    private const string DefaultBranch = "default";

    private readonly FetchSettings _settings;
    private readonly FetchStore _store;
    private readonly FetchCache _cache;
    private readonly IMessageLog _log;
    private readonly MercurialProgram _hg;
    private readonly MercurialClones _clones;

    /// <param name="settings">How work trees with changes are taken.</param>
    /// <param name="store">Where trees go.</param>
    /// <param name="cache">Remembers what branches lead to, and which commits are in the store.</param>
    /// <param name="places">Where clones are kept.</param>
    /// <param name="log">Hears of work trees with changes.</param>
    /// <param name="cancellationToken">Ends hg.</param>
    public MercurialFetcher(
        FetchSettings settings, FetchStore store, FetchCache cache, FetchPlaces places, IMessageLog log, CancellationToken cancellationToken)
    {
        (_settings, _store, _cache, _log) = (settings, store, cache, log);
        _hg = new MercurialProgram(cancellationToken);
        _clones = new MercurialClones(_hg, places.CacheDirectory, log);
    }

    public TreeOffer Offer(InputAttributes input) =>
        FindWorkTree(input) is { } folder && Directory.Exists(Path.Combine(folder, ".hg")) && IsChanged(folder)
            ? OfferWorkTree(input, folder)
            : OfferCommit(input);

    /// <summary>Returns the folder that an input is as it is on this disk; null for commits and what is elsewhere.</summary>
    public string? FindWorkTree(InputAttributes input) =>
        input.Ref is null && input.Revision is null && Url.Parse(input.GetText("url")) is { Scheme: "file" } url ? PathOf(url) : null;

    /// <summary>Has hg track a file of a work tree, and commits it if there is a message.</summary>
    public void Take(string folder, string name, string? message)
    {
        _hg.Run(MercurialProgram.In(folder, "add", "--", $"path:{name}"));
        if (message is not null)
        {
            _hg.Run(MercurialProgram.In(folder, "commit", "--logfile", "-", "--", $"path:{name}"), Encoding.UTF8.GetBytes(message));
        }
    }

    private static string PathOf(Url url) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(url.Path));

    private bool IsChanged(string folder) => _hg.Run(MercurialProgram.In(folder, "status", "--modified", "--added", "--removed")).Length > 0;

    private TreeOffer OfferWorkTree(InputAttributes input, string folder)
    {
        if (!_settings.AllowDirty)
        {
            throw new FetchException(FetchErrors.Dirty, $"Mercurial tree '{folder}' is unclean");
        }

        if (_settings.WarnDirty)
        {
            _log.Write(Verbosity.Warning, $"Mercurial tree '{folder}' is unclean");
        }

        var branch = Encoding.UTF8.GetString(_hg.Run(MercurialProgram.In(folder, "branch"))).TrimEnd('\n');
        var tracked = ProgramResult.SplitAtZero(_hg.Run(
            MercurialProgram.In(folder, "status", "--clean", "--modified", "--added", "--no-status", "--print0")));
        var real = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
        var taken = tracked.SelectMany(TrackedPaths.SelfAndParents).Select(path => Path.Combine(real, path)).Append(real).ToHashSet(StringComparer.Ordinal);
        return new TreeOffer(input.With("ref", branch), null, name =>
        {
            _log.Write(Verbosity.Chatty, $"copying '{folder}/' to the store");
            return _store.Contents.AddFromDisk(name, real, ContentOptions.Default with { Filter = (file, _) => taken.Contains(file) });
        });
    }

    private TreeOffer OfferCommit(InputAttributes input)
    {
        var url = Url.Parse(input.GetText("url"));
        var place = url.Scheme == "file" ? PathOf(url) : url.ToString();
        var reference = input.Ref ?? DefaultBranch;
        var leadsTo = InputAttributes.Empty.With("url", place).With("ref", reference);
        var asked = FindRevision(input);
        var revision = asked ?? (_cache.Find("hgRefToRev", leadsTo) is { IsFresh: true } fresh ? fresh.Value.FindText("rev") : null);
        if (revision is not null && _cache.FindObject("hgRev", KeyOf(input.Name, revision), _store.Directory, _store.Infos, _store.Roots) is { } known)
        {
            return Offer(input, new MercurialCommit(revision, known.Value.FindInteger("revCount") ?? 0, reference), _ => known.Path);
        }

        var commit = _clones.Get(place, revision, reference);
        if (asked is null)
        {
            _cache.Put("hgRefToRev", leadsTo, InputAttributes.Empty.With("rev", commit.Revision));
        }

        return Offer(input, commit, name =>
        {
            using var folder = new TemporaryFolder();
            _clones.Export(place, commit.Revision, folder.Path);
            var added = _store.Contents.AddFromDisk(name, folder.Path, ContentOptions.Default);
            _cache.PutObject("hgRev", KeyOf(name, commit.Revision), _store.Directory, InputAttributes.Empty.With("revCount", commit.Number), added);
            return added;
        });
    }

    private static TreeOffer Offer(InputAttributes input, MercurialCommit commit, Func<string, StorePath> add)
    {
        // What a lock file says of a commit stays so: on another machine it may be found in another way.
        var branch = input.Revision is null ? commit.Branch : input.Ref ?? commit.Branch;
        return new TreeOffer(input.With("ref", branch).With("rev", commit.Revision).With("revCount", commit.Number), commit.Revision, add);
    }

    private static InputAttributes KeyOf(string name, string revision) => InputAttributes.Empty.With("name", name).With("rev", revision);

    private static string? FindRevision(InputAttributes input) => input.FindRevision() switch
    {
        null => null,
        { Algorithm: HashAlgorithm.Sha1 } hash => hash.Digest(HashFormat.Base16),
        var hash => throw new FetchException(FetchErrors.BadInput, $"Hash '{hash}' is not supported by Mercurial. Only sha1 is supported."),
    };
}
