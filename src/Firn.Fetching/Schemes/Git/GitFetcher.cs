using System.Text;
using Firn.Fetching.Caching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Store.Contents;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Gets commits and work trees out of Git repositories.</summary>
public sealed class GitFetcher : ITreeSource
{
    private readonly FetchSettings _settings;
    private readonly FetchStore _store;
    private readonly FetchCache _cache;
    private readonly IMessageLog _log;
    private readonly GitProgram _git;
    private readonly GitClones _clones;
    private readonly bool _clonesLocal;

    /// <param name="settings">How dirty trees are taken.</param>
    /// <param name="store">Where trees go.</param>
    /// <param name="cache">Remembers times and counts of commits.</param>
    /// <param name="places">Where clones are kept, and whether to clone even what is on this disk.</param>
    /// <param name="log">Hears of dirty trees.</param>
    /// <param name="time">Tells whether clones are fresh.</param>
    /// <param name="cancellationToken">Ends git.</param>
    public GitFetcher(
        FetchSettings settings, FetchStore store, FetchCache cache, FetchPlaces places, IMessageLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        (_settings, _store, _cache, _log, _clonesLocal) = (settings, store, cache, log, places.TreatsLocalAsRemote);
        _git = new GitProgram(cancellationToken);
        _clones = new GitClones(_git, places.CacheDirectory, settings.TarballTtl, log, time);
    }

    public TreeOffer Offer(InputAttributes input)
    {
        if (input.FindFlag("exportIgnore") == true && input.FindFlag("submodules") == true)
        {
            throw new FetchException(FetchErrors.Unsupported, "exportIgnore and submodules are not supported together yet");
        }

        if (input.FindFlag("lfs") == true)
        {
            throw new FetchException(FetchErrors.Unsupported, $"fetching files of Git LFS, as '{input.GetText("url")}' asks for, is not supported");
        }

        var place = Locate(Url.Parse(input.GetText("url")));
        return place.WorkTree is { } path && input.Ref is null && input.Revision is null
            ? FetchWorkTree(input, path)
            : FetchCommit(input, place);
    }

    /// <summary>Returns the work tree that an input is as it is on this disk; null for commits and what is elsewhere.</summary>
    public string? FindWorkTree(InputAttributes input)
    {
        var url = Url.Parse(input.GetText("url"));
        return url.Scheme == "file" && input.Ref is null && input.Revision is null && Path.Exists(Path.Combine(url.Path, ".git"))
            ? Path.GetFullPath(url.Path)
            : null;
    }

    /// <summary>Has git track a file of a work tree, unless it is told to ignore it, and commits it if there is a message.</summary>
    public void Take(string folder, string name, string? message)
    {
        var repository = new GitRepository(_git, folder, isBare: false);
        if (repository.TryRun("check-ignore", "--quiet", name).Status == 0)
        {
            return;
        }

        repository.Run("add", "--intent-to-add", "--", name);
        if (message is not null)
        {
            _git.Run(["-C", folder, "commit", name, "-F", "-"], Encoding.UTF8.GetBytes(message));
        }
    }

    /// <summary>Has git track files of a work tree, even those that it is told to ignore.</summary>
    public void Track(string folder, IEnumerable<string> files) =>
        new GitRepository(_git, folder, isBare: false).Run([.. (ReadOnlySpan<string>)["add", "--intent-to-add", "--force", "--"], .. files]);

    /// <summary>Clones a repository.</summary>
    /// <exception cref="FetchException">It fails, or one revision is asked for.</exception>
    public void Clone(InputAttributes input, string folder)
    {
        if (input.Revision is not null)
        {
            throw new FetchException(FetchErrors.Unsupported, "cloning a specific revision is not implemented", 1, "Clone the repository and check the revision out in it.");
        }

        var place = Locate(Url.Parse(input.GetText("url")));
        _git.Run(["clone", place.Remote, .. input.Ref is { } reference ? (string[])["--branch", reference] : [], folder]);
    }

    /// <summary>Finds whether a URL means a work tree on this disk or something to clone.</summary>
    private Place Locate(Url url)
    {
        if (url.Scheme != "file")
        {
            return new Place(null, (url with { Query = url.Query.Remove("dir") }).ToString());
        }

        var path = url.Path;
        var isBare = Path.Exists(path) && !Path.Exists(Path.Combine(path, ".git"));
        if (_clonesLocal || isBare)
        {
            return new Place(null, (url with { Query = url.Query.Clear() }).ToString());
        }

        if (!path.StartsWith('/'))
        {
            _log.Write(Verbosity.Warning,
                $"Fetching Git repository '{url}', which uses a path relative to the current directory. This is not supported and will stop working in a future release. See https://github.com/NixOS/nix/issues/12281 for details.");
        }

        path = Path.GetFullPath(path);
        return Directory.Exists(path)
            ? new Place(path, path)
            : throw new FetchException(FetchErrors.Git, $"opening Git repository '{path}': there is no such directory");
    }

    private TreeOffer FetchCommit(InputAttributes input, Place place)
    {
        var shallow = input.FindFlag("shallow") ?? false;
        GitRepository repository;
        string revision, reference;
        if (place.WorkTree is { } path)
        {
            repository = new GitRepository(_git, path, isBare: false);
            reference = input.Ref ?? repository.HeadBranch ?? NoHead(place);
            revision = input.FindRevision()?.Digest(HashFormat.Base16) ?? repository.ResolveCommit(reference);
        }
        else
        {
            (repository, revision, reference) = _clones.Fetch(place.Remote, input, () => NoHead(place));
        }

        if (!repository.HasObject(revision))
        {
            throw GitClones.NoSuchRevision(revision, reference, place.Remote);
        }

        CheckDepth(repository, place.Remote, shallow);
        var result = input.With("ref", reference).With("rev", revision).With("lastModified", CommitTime(repository, revision));
        result = shallow ? result : result.With("revCount", CountCommits(repository, revision));
        GitSignatures.Verify(repository, result, revision);
        return new TreeOffer(result, Fingerprint(revision, input), name => AddFromFolder(name, folder => Write(repository, revision, result, folder)));
    }

    // Of a history that is cut off nobody can say how long it is.
    private static void CheckDepth(GitRepository repository, string place, bool isShallowWanted)
    {
        if (!isShallowWanted && repository.IsShallow)
        {
            throw new FetchException(FetchErrors.Git,
                $"'{place}' is a shallow Git repository, but shallow repositories are only allowed when `shallow = true;` is specified");
        }
    }

    private string NoHead(Place place)
    {
        _log.Write(Verbosity.Warning, $"could not read HEAD ref from repo at '{place.Remote}', using 'master'");
        return "master";
    }

    /// <summary>Writes a commit with its submodules to a folder.</summary>
    private void Write(GitRepository repository, string revision, InputAttributes input, string folder)
    {
        var exportIgnore = input.FindFlag("exportIgnore") ?? false;
        GitExport.Write(repository, revision, exportIgnore, folder);
        if (input.FindFlag("submodules") != true)
        {
            return;
        }

        var revisions = repository.ListTree(revision).Where(e => e.Kind == GitEntryKind.Submodule).ToDictionary(e => e.Path, e => e.Object);
        var origin = repository.TryRun("config", "--get", "remote.origin.url") is { Status: 0 } found ? found.Text : repository.Path;
        foreach (var submodule in GitSubmodule.Read(repository, Path.Combine(folder, ".gitmodules")).Where(s => revisions.ContainsKey(s.Path)))
        {
            var inner = InputAttributes.Empty.With("type", "git")
                .With("url", GitUrl.Normalise(GitUrl.ResolveSubmodule(origin, submodule.Url)))
                .With("rev", revisions[submodule.Path]).With("exportIgnore", exportIgnore).With("submodules", true).With("allRefs", true);
            inner = submodule.Branch switch
            {
                "" => inner,
                "." => inner.With("ref", input.GetText("ref")),
                var branch => inner.With("ref", branch),
            };
            var place = Locate(Url.Parse(inner.GetText("url")));
            var (source, innerRevision, _) = place.WorkTree is { } path
                ? (new GitRepository(_git, path, isBare: false), revisions[submodule.Path], "")
                : _clones.Fetch(place.Remote, inner, () => "master");
            var target = Path.Combine(folder, submodule.Path);
            Directory.CreateDirectory(target);
            Write(source, innerRevision, inner.Has("ref") ? inner : inner.With("ref", "HEAD"), target);
        }
    }

    private TreeOffer FetchWorkTree(InputAttributes input, string path)
    {
        var repository = new GitRepository(_git, path, isBare: false);
        var tree = GitWorkTree.Read(repository);
        var taken = new HashSet<string>(StringComparer.Ordinal) { path };
        var isDirty = Take(repository, tree, input, taken);
        var result = input;
        if (!isDirty)
        {
            CheckDepth(repository, path, input.FindFlag("shallow") ?? false);
            result = repository.HeadBranch is { } branch ? result.With("ref", branch) : result;
            result = result.With("rev", tree.Head ?? GitScheme.NoRevision);
            result = input.FindFlag("shallow") == true ? result : result.With("revCount", tree.Head is { } head ? CountCommits(repository, head) : 0);
            GitSignatures.Verify(repository, result, tree.Head);
        }
        else
        {
            WarnOfDirtyTree(path);
            GitSignatures.Verify(repository, result, null);
            if (tree.Head is { } head)
            {
                result = result.With("dirtyRev", head + "-dirty").With("dirtyShortRev", head[..7] + "-dirty");
            }
        }

        result = result.With("lastModified", tree.Head is { } commit ? CommitTime(repository, commit) : 0);
        var fingerprint = isDirty || tree.Head is null ? null : Fingerprint(tree.Head, input);
        return new TreeOffer(result, fingerprint, name =>
        {
            _log.Write(Verbosity.Chatty, $"copying '{path}/' to the store");
            return _store.Contents.AddFromDisk(name, path, ContentOptions.Default with { Filter = (file, _) => taken.Contains(file) });
        });
    }

    /// <summary>Adds the tracked files of a work tree and its submodules to <paramref name="taken"/>; tells whether anything has changed.</summary>
    private bool Take(GitRepository repository, GitWorkTree tree, InputAttributes input, HashSet<string> taken)
    {
        var ignored = input.FindFlag("exportIgnore") == true
            ? GitAttributes.ExportIgnored(repository, null, tree.Files.SelectMany(TrackedPaths.SelfAndParents).Distinct())
            : [];
        foreach (var path in tree.Files.Where(f => !GitAttributes.IsBelow(f, ignored)).SelectMany(TrackedPaths.SelfAndParents))
        {
            taken.Add(Path.Combine(repository.Path, path));
        }

        var isDirty = tree.IsDirty;
        foreach (var submodule in input.FindFlag("submodules") == true ? tree.Submodules : [])
        {
            var path = Path.Combine(repository.Path, submodule.Path);
            taken.UnionWith(TrackedPaths.SelfAndParents(submodule.Path).Select(p => Path.Combine(repository.Path, p)));
            var inner = new GitRepository(_git, path, isBare: false);
            if (!Path.Exists(Path.Combine(path, ".git")))
            {
                throw new FetchException(FetchErrors.Git, $"the submodule '{submodule.Path}' of '{repository.Path}' is not checked out", 1,
                    $"check it out with 'git -C {repository.Path} submodule update --init --recursive'");
            }

            if (Take(inner, GitWorkTree.Read(inner), input, taken))
            {
                WarnOfDirtyTree(path);
                isDirty = true;
            }
        }

        return isDirty;
    }

    private void WarnOfDirtyTree(string path)
    {
        if (!_settings.AllowDirty)
        {
            throw new FetchException(FetchErrors.Dirty, $"Git tree '{path}' is dirty");
        }

        if (_settings.WarnDirty)
        {
            _log.Write(Verbosity.Warning, $"Git tree '{path}' is dirty");
        }
    }

    private StorePath AddFromFolder(string name, Action<string> write)
    {
        using var folder = new TemporaryFolder();
        write(folder.Path);
        return _store.Contents.AddFromDisk(name, folder.Path, ContentOptions.Default);
    }

    private static string Fingerprint(string revision, InputAttributes input) => new StringBuilder(revision)
        .Append(input.FindFlag("submodules") == true ? ";s" : "")
        .Append(input.FindFlag("exportIgnore") == true ? ";e" : "").ToString();

    private ulong CommitTime(GitRepository repository, string revision) =>
        Remember("gitLastModified", "lastModified", revision, () => repository.CommitTime(revision));

    private ulong CountCommits(GitRepository repository, string revision) =>
        Remember("gitRevCount", "revCount", revision, () => repository.CountCommits(revision));

    private ulong Remember(string domain, string attribute, string revision, Func<ulong> ask)
    {
        var key = InputAttributes.Empty.With("rev", revision);
        if (_cache.Find(domain, key)?.Value.FindInteger(attribute) is { } known)
        {
            return known;
        }

        var found = ask();
        _cache.Put(domain, key, InputAttributes.Empty.With(attribute, found));
        return found;
    }

    /// <summary>Where a repository is.</summary>
    /// <param name="WorkTree">The path of a work tree on this disk, or null when it is to be cloned.</param>
    /// <param name="Remote">The URL to clone from; the path of the work tree when there is one.</param>
    private readonly record struct Place(string? WorkTree, string Remote);
}
