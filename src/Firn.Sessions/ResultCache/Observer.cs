using System.Collections.Immutable;
using System.Text;
using Firn.Evaluation.Host;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Sessions.Ports;

namespace Firn.Sessions.ResultCache;

/// <summary>Remembers what an evaluation sees of the world, until it is asked what an answer rests on.</summary>
/// <remarks>What was seen first counts. An evaluation that saw two different things in one place gives no answer to keep.</remarks>
internal sealed class Observer(TimeProvider time, Observer? whole = null)
{
    // An evaluation that copies a whole disk is done again more cheaply than it is checked.
    private const int MostFiles = 200_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (FileKind? Kind, FileStatus? Status)> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SeenFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FileSignature Signature, byte[] Hash)> _listings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Observation> _others = new(StringComparer.Ordinal);
    private readonly HashSet<StorePath> _added = [];
    private readonly ContentHasher _hasher = new();
    private readonly DiskFiles _disk = new();
    private readonly List<(MessageKind Kind, string Text)> _messages = [];

    private enum Fact
    {
        Variable,
        Validity,
        References,
        Closure,
        Fetch,
    }

    /// <summary>Why no answer may be kept: something was seen that cannot be checked; null while there is no such thing.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The objects that were put into the store.</summary>
    public IReadOnlyCollection<StorePath> Added => _added;

    /// <summary>Tells whether this evaluation put an object into the store.</summary>
    public bool HasAdded(StorePath path)
    {
        lock (_lock)
        {
            return _added.Contains(path);
        }
    }

    /// <summary>What was told since the last call.</summary>
    public ImmutableArray<(MessageKind Kind, string Text)> TakeMessages()
    {
        lock (_lock)
        {
            ImmutableArray<(MessageKind, string)> taken = [.. _messages];
            _messages.Clear();
            return taken;
        }
    }

    /// <summary>Says that answers depend on what cannot be checked.</summary>
    public void Refuse(string because)
    {
        Obstacle ??= because;
        whole?.Refuse(because);
    }

    public void SawKind(string path, FileKind? kind, FileStatus? status)
    {
        whole?.SawKind(path, kind, status);
        lock (_lock)
        {
            if (!_kinds.TryAdd(path, (kind, status)))
            {
                RefuseUnless(_kinds[path].Kind == kind, path);
            }
        }
    }

    public void SawFile(string path, byte[] content)
    {
        if (whole is not null)
        {
            whole.SawFile(path, content);
            lock (_lock)
            {
                _files.TryAdd(path, whole.FindFile(path)!);
            }

            return;
        }

        lock (_lock)
        {
            if (!_files.TryGetValue(path, out var seen))
            {
                // What was known before it was read: what changes afterwards is seen to be different.
                var status = _kinds.TryGetValue(path, out var known) && known.Kind == FileKind.Regular ? known.Status : PathStatus.FindTarget(path);
                seen = new SeenFile(status is null || status.Size != content.Length ? default : Sign(status));
                _files[path] = seen;
                _hasher.Add(content, hash => seen.Hash = hash);
            }
            else
            {
                _hasher.Add(content, hash => RefuseUnless(seen.Hash is null || hash.AsSpan().SequenceEqual(seen.Hash), path));
            }
        }
    }

    public void SawListing(string path, IEnumerable<(string Name, FileKind Kind)> entries, FileStatus? before)
    {
        whole?.SawListing(path, entries, before);
        var hash = ListingHash(entries);
        lock (_lock)
        {
            if (!_listings.TryAdd(path, (before is null ? default : Sign(before), hash)))
            {
                RefuseUnless(_listings[path].Hash.AsSpan().SequenceEqual(hash), path);
            }
        }
    }

    public void SawLink(string path, string target)
    {
        whole?.SawLink(path, target);
        lock (_lock)
        {
            if (!_links.TryAdd(path, target))
            {
                RefuseUnless(_links[path] == target, path);
            }
        }
    }

    /// <summary>Takes down an entry of a tree that is copied or hashed; its content is looked at when the evaluation is over.</summary>
    public void SawInTree(string path)
    {
        whole?.SawInTree(path);
        if (_kinds.Count + _files.Count > MostFiles)
        {
            Refuse("it copies very many files");
            return;
        }

        var status = PathStatus.Find(path);
        switch (status?.Type)
        {
            case FileType.Regular:
                lock (_lock)
                {
                    SawKind(path, FileKind.Regular, status);
                    if (!_files.TryGetValue(path, out var seen))
                    {
                        _files[path] = seen = whole?.FindFile(path) ?? new SeenFile(Sign(status));
                    }

                    if (seen.Hash is null && whole is null)
                    {
                        _hasher.AddFile(path, seen.Signature, time, hash => seen.Hash = hash);
                    }

                    seen.IsExecutable = status.IsExecutable;
                }

                break;
            case FileType.Directory:
                SawKind(path, FileKind.Directory, status);
                SawListing(path, _disk.ReadDirectory(path), status);
                break;
            case FileType.Symlink:
                SawKind(path, FileKind.Link, status);
                SawLink(path, SymbolicLink.Read(path));
                break;
            default:
                Refuse($"'{path}' changed meanwhile");
                break;
        }
    }

    public void SawVariable(string name, string? value) => Saw(Fact.Variable, name, new Observation.Variable(name, value));

    public void SawValidity(StorePath path, bool isValid) => Saw(Fact.Validity, path.ToString(), new Observation.Validity(path.ToString(), isValid));

    public void SawRelated(StorePath path, bool isClosure, IEnumerable<StorePath> related) => Saw(
        isClosure ? Fact.Closure : Fact.References, path.ToString(), new Observation.Related(path.ToString(), isClosure, [.. related.Select(p => p.ToString()).Order(StringComparer.Ordinal)]));

    public void SawFetch(FetchRequest request, string result)
    {
        var key = request is FetchRequest.Tree tree
            ? string.Join('\n', tree.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"))
            : request.ToString();
        Saw(Fact.Fetch, key, new Observation.Fetched(request, result));
    }

    /// <summary>Takes down that an object was put into the store by this evaluation.</summary>
    public void Put(StorePath path)
    {
        whole?.Put(path);
        lock (_lock)
        {
            _added.Add(path);
        }
    }

    public void Told(MessageKind kind, string text)
    {
        whole?.Told(kind, text);
        lock (_lock)
        {
            _messages.Add((kind, text));
        }
    }

    /// <summary>Takes down what an earlier evaluation saw and what it put into the store, as its answer is used.</summary>
    public void Adopt(Entry entry)
    {
        whole?.Adopt(entry);
        lock (_lock)
        {
            _added.UnionWith(entry.Needed.Select(StorePath.Parse));
            foreach (var observation in entry.Observations)
            {
                Adopt(observation);
            }
        }
    }

    /// <summary>Returns all that was seen, what is cheap to check first.</summary>
    public ImmutableArray<Observation> Finish()
    {
        (whole ?? this)._hasher.Finish();
        var all = new List<Observation>(_kinds.Count + _files.Count + _listings.Count);
        all.AddRange(_others.Values.Where(o => o is Observation.Variable));
        foreach (var (path, file) in _files)
        {
            all.Add(new Observation.Content(path, !Is(path, FileKind.Regular), file.IsExecutable, file.Signature, file.Hash ?? []));
        }

        foreach (var (path, (signature, hash)) in _listings)
        {
            all.Add(new Observation.Listing(path, !Is(path, FileKind.Directory), signature, hash));
        }

        all.AddRange(_links.Select(l => new Observation.Link(l.Key, l.Value)));
        all.AddRange(_kinds.Where(k => !IsCovered(k.Key, k.Value.Kind)).Select(k => new Observation.Kind(k.Key, k.Value.Kind)));
        // A request to fetch may go out to the network: only when all else still holds.
        all.AddRange(_others.Values.Where(o => o is Observation.Validity or Observation.Related));
        all.AddRange(_others.Values.Where(o => o is Observation.Fetched));
        return [.. all];
    }

    /// <summary>The hash of which entries a directory has.</summary>
    public static byte[] ListingHash(IEnumerable<(string Name, FileKind Kind)> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var text = new StringBuilder();
        foreach (var (name, kind) in sorted)
        {
            text.Append((char)('0' + (int)kind)).Append(name).Append('\0');
        }

        return Hash.Sha256(Encoding.UTF8.GetBytes(text.ToString())).Bytes.ToArray();
    }

    private void Adopt(Observation observation)
    {
        switch (observation)
        {
            case Observation.Kind kind:
                _kinds.TryAdd(kind.Path, (kind.Found, null));
                break;
            case Observation.Content content:
                _kinds.TryAdd(content.Path, (content.IsLink ? FileKind.Link : FileKind.Regular, null));
                _files.TryAdd(content.Path, new SeenFile(content.Signature) { IsExecutable = content.IsExecutable, Hash = content.Hash });
                break;
            case Observation.Listing listing:
                _kinds.TryAdd(listing.Path, (listing.IsLink ? FileKind.Link : FileKind.Directory, null));
                _listings.TryAdd(listing.Path, (listing.Signature, listing.Hash));
                break;
            case Observation.Link link:
                _links.TryAdd(link.Path, link.Target);
                break;
            case Observation.Variable variable:
                Saw(Fact.Variable, variable.Name, variable);
                break;
            case Observation.Validity validity:
                Saw(Fact.Validity, validity.Path, validity);
                break;
            case Observation.Related related:
                Saw(related.IsClosure ? Fact.Closure : Fact.References, related.Path, related);
                break;
            case Observation.Fetched fetched:
                Refuse("what was fetched is not adopted");
                break;
        }
    }

    private SeenFile? FindFile(string path)
    {
        lock (_lock)
        {
            return _files.GetValueOrDefault(path);
        }
    }

    private void Saw(Fact fact, string subject, Observation observation)
    {
        whole?.Saw(fact, subject, observation);
        lock (_lock)
        {
            var key = $"{(int)fact} {subject}";
            if (!_others.TryAdd(key, observation))
            {
                RefuseUnless(IsSame(_others[key], observation), subject);
            }
        }
    }

    private static bool IsSame(Observation one, Observation other) => (one, other) switch
    {
        (Observation.Related a, Observation.Related b) => a.Paths.SequenceEqual(b.Paths),
        (Observation.Fetched a, Observation.Fetched b) => a.Result == b.Result,
        _ => one == other,
    };

    private FileSignature Sign(FileStatus status) => FileSignature.Of(status, time.GetUtcNow());

    private bool Is(string path, FileKind kind) => _kinds.TryGetValue(path, out var seen) && seen.Kind == kind;

    // Looking at the content or at the target also tells what it is.
    private bool IsCovered(string path, FileKind? kind) => kind switch
    {
        FileKind.Regular => _files.ContainsKey(path),
        FileKind.Directory => _listings.ContainsKey(path),
        FileKind.Link => _links.ContainsKey(path),
        _ => false,
    };

    private void RefuseUnless(bool isSame, string what)
    {
        if (!isSame)
        {
            Refuse($"'{what}' changed meanwhile");
        }
    }

    private sealed class SeenFile(FileSignature signature)
    {
        public FileSignature Signature { get; } = signature;

        public bool? IsExecutable { get; set; }

        public byte[]? Hash { get; set; }
    }
}
