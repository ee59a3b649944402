using System.Collections.Immutable;
using Firn.Flakes.Files;
using Firn.Flakes.References;
using Firn.Flakes.Registries;
using Firn.Flakes.Resolving;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Flakes.Locking;

/// <summary>Works out the lock file of a flake: keeps what still fits, fetches what is new.</summary>
internal sealed class LockComputation
{
    private readonly FlakeSources _sources;
    private readonly LockOptions _options;
    private readonly RegistryUse _use;
    private readonly IMessageLog _log;
    private readonly SortedDictionary<InputPath, Override> _overrides = [];
    private readonly HashSet<InputPath> _usedOverrides = [];
    private readonly HashSet<InputPath> _seen = [];
    private readonly Dictionary<LockNode, FlakePlace> _places = [];
    private readonly Stack<FlakeReference> _parents = new();

    private LockComputation(FlakeSources sources, LockOptions options, RegistryUse use, IMessageLog log) =>
        (_sources, _options, _use, _log) = (sources, options, use, log);

    /// <summary>Returns the lock file, and the trees that were fetched on the way.</summary>
    public static (LockFile Lock, IReadOnlyDictionary<LockNode, FlakePlace> Places) Run(
        FlakeSources sources, FetchedFlake flake, LockFile old, LockOptions options, RegistryUse use, IMessageLog log)
    {
        var self = new LockComputation(sources, options, use, log);
        foreach (var (path, reference) in options.Overrides)
        {
            self._overrides[path] = new Override(new FlakeInput { Reference = reference }, flake.Place, null, IsOfUser: true);
        }

        var result = new LockFile();
        self._places[result.Root] = flake.Place;
        self.Lock(flake.File.Inputs, result.Root, InputPath.Top, new Before(options.StartsAnew ? null : old.Root, InputPath.Top, IsTrusted: false), flake.Place);
        self.WarnOfUnused();
        result.Check(path => PlaceOf(flake.File.Inputs, path));
        return (result, self._places);
    }

    // Where the flake itself says what an input is, or what an input of an input is.
    private static SourceSpan? PlaceOf(ImmutableSortedDictionary<string, FlakeInput> inputs, InputPath path)
    {
        FlakeInput? input = null;
        foreach (var step in path.Steps)
        {
            input = inputs.GetValueOrDefault(step);
            inputs = input?.Overrides ?? FlakeInput.None;
        }

        return input?.Place;
    }

    /// <summary>Locks the inputs of one flake.</summary>
    /// <param name="inputs">What it asks for, as its file says, or as the lock file remembers it.</param>
    /// <param name="node">The flake's node, which gets them.</param>
    /// <param name="path">Where the flake is, seen from the top.</param>
    /// <param name="before">What was locked before.</param>
    /// <param name="place">Where the flake's files are.</param>
    private void Lock(ImmutableSortedDictionary<string, FlakeInput> inputs, LockNode node, InputPath path, Before before, FlakePlace place)
    {
        foreach (var (name, input) in inputs)
        {
            AddOverrides(input, path.Append(name), path, place);
        }

        foreach (var overridden in _overrides.Keys.Where(o => o.Steps.Length == path.Steps.Length + 1 && o.IsBelow(path) && !inputs.ContainsKey(o.Steps[^1])))
        {
            var hint = Suggestions.Hint(overridden.Steps[^1], inputs.Keys) ?? (inputs.Count > 0 ? $"It has {string.Join(", ", inputs.Keys)}." : "It has none.");
            _log.Write(Verbosity.Warning, $"input '{path}' has an override for a non-existent input '{overridden.Steps[^1]}'. {hint}");
        }

        foreach (var (name, input) in inputs)
        {
            try
            {
                LockInput(name, input, node, path, before, place);
            }
            catch (FirnException e)
            {
                // The innermost input counts.
                e.Locate(told => Located(told, path.Append(name), input));
                throw;
            }
        }
    }

    private static Diagnostic Located(Diagnostic told, InputPath path, FlakeInput input) => told with
    {
        Span = told.Span ?? input.Place,
        SpanText = told.Span is null && input.IsNamedOnly ? $"`{path.Steps[^1]}` is no input that is declared, so it is looked up in the registry" : told.SpanText,
        Hints =
        [
            .. told.Hints,
            $"It is the input '{path}' that is being locked.",
            .. input.IsNamedOnly ? (string[])[$"Say where it comes from: inputs.{path.Steps[^1]}.url = \"…\";"] : [],
        ],
    };

    private void LockInput(string name, FlakeInput asked, LockNode node, InputPath parent, Before before, FlakePlace place)
    {
        var path = parent.Append(name);
        var over = _overrides.GetValueOrDefault(path);
        var input = over is null ? asked : over.Input with { IsFlake = asked.IsFlake };
        if (over is not null)
        {
            _usedOverrides.Add(path);
        }

        if (input.Follows is { } target)
        {
            node.Inputs[name] = new LockEdge.Same(target);
            return;
        }

        _seen.Add(path);
        var reference = input.Reference ?? FlakeReference.Parse(name, _sources.Forms);
        var want = new Wanted(path, reference, asked, input.IsFlake, over)
        {
            // Relative paths start from the flake that says so, which is where an override stands.
            Place = over?.Place ?? place,
            Parent = !reference.IsRelative ? null : over is null ? parent : over.Parent,
        };
        var old = _options.Updates.Contains(path) ? null : (before.Node?.Inputs.GetValueOrDefault(name) as LockEdge.Own)?.Node;
        if (old?.Locked is { } locked && over is not { IsOfUser: true }
            && locked.Original.Canonical() == reference.Canonical() && Equals(locked.Parent, want.Parent))
        {
            Keep(name, node, want, old, before, place);
        }
        else
        {
            Fetch(name, node, want);
        }
    }

    /// <summary>Keeps an input as it is locked, and looks after those that it has in turn.</summary>
    private void Keep(string name, LockNode node, Wanted want, LockNode old, Before before, FlakePlace place)
    {
        var child = new LockNode(old.Locked);
        node.Inputs[name] = new LockEdge.Own(child);
        var mustFetch = _options.Updates.Any(update => update.IsBelow(want.Path)) || !TryRemember(old, want.Path, before, out var remembered);
        if (!mustFetch)
        {
            TryRemember(old, want.Path, before, out remembered);
            Lock(remembered, child, want.Path, before with { Node = old, IsTrusted = true }, place);
            return;
        }

        var flake = GetFlake(want, old.Locked!.Reference, _use);
        _places[child] = flake.Place;
        Lock(flake.File.Inputs, child, want.Path, before with { Node = old, IsTrusted = false }, flake.Place);
    }

    /// <summary>Finds out what the inputs of a locked flake are without fetching it; false when the lock file does not tell for sure.</summary>
    private bool TryRemember(LockNode old, InputPath path, Before before, out ImmutableSortedDictionary<string, FlakeInput> inputs)
    {
        var found = FlakeInput.None.ToBuilder();
        inputs = FlakeInput.None;
        foreach (var (name, edge) in old.Inputs)
        {
            switch (edge)
            {
                case LockEdge.Own { Node.Locked: { } locked }:
                    found[name] = new FlakeInput { Reference = locked.Original, IsFlake = locked.IsFlake };
                    break;

                // An override that is gone leaves an input of which nothing is known.
                case LockEdge.Same when !before.IsTrusted && !_overrides.ContainsKey(path.Append(name)):
                    return false;
                case LockEdge.Same same:
                    found[name] = new FlakeInput { Follows = before.FollowsPrefix.Append(same.As) };
                    break;
            }
        }

        inputs = found.ToImmutable();
        return true;
    }

    private void Fetch(string name, LockNode node, Wanted want)
    {
        if (!_options.AllowsUnlocked && !want.Reference.IsRelative && !_sources.Forms.IsLocked(want.Reference.Input))
        {
            throw new FlakeException(FlakeErrors.NotLocked, $"cannot update unlocked flake input '{want.Path}' in pure mode", "'nix flake lock' writes its lock file, '--impure' does without.");
        }

        var isOfUser = want.Override is { IsOfUser: true };

        // What the user overrides for once is no reason to ask for it anew the next time.
        var original = isOfUser && want.Asked.Reference is { } own ? own : want.Reference;
        if (!want.IsFlake)
        {
            var (locked, tree) = want.Reference.IsRelative
                ? (want.Reference, want.Place.Follow(want.Reference.Input.GetText("path")))
                : FetchTree(want.Reference);
            var leaf = new LockNode(new LockedInput(locked, original, IsFlake: false, want.Parent));
            _places[leaf] = tree;
            node.Inputs[name] = new LockEdge.Own(leaf);
            return;
        }

        var flake = GetFlake(want, want.Reference, isOfUser ? RegistryUse.All : _use);
        var child = new LockNode(new LockedInput(flake.Locked, original, IsFlake: true, want.Parent));
        node.Inputs[name] = new LockEdge.Own(child);
        if (_parents.Contains(want.Reference))
        {
            throw new FlakeException(FlakeErrors.BadInput, $"found circular import of flake '{want.Reference.ToText(_sources.Forms)}'");
        }

        _parents.Push(want.Reference);
        _places[child] = flake.Place;
        Lock(flake.File.Inputs, child, want.Path, new Before(_sources.ReadLockFile(flake.Place).Root, want.Path, IsTrusted: false), flake.Place);
        _parents.Pop();
    }

    private (FlakeReference Locked, FlakePlace Tree) FetchTree(FlakeReference reference)
    {
        var (_, locked, tree) = _sources.FetchTree(reference, _use);
        return (locked with { Directory = reference.Directory }, new FlakePlace(tree, reference.Directory));
    }

    private FetchedFlake GetFlake(Wanted want, FlakeReference reference, RegistryUse use) => want.Reference.IsRelative
        ? _sources.Read(reference, reference, reference, want.Place.Follow(want.Reference.Input.GetText("path")), want.Path)
        : _sources.Fetch(reference, use, want.Path);

    private void AddOverrides(FlakeInput input, InputPath path, InputPath parent, FlakePlace place)
    {
        foreach (var (name, over) in input.Overrides)
        {
            var inner = path.Append(name);
            if (over.Reference is not null || over.Follows is not null)
            {
                _overrides.TryAdd(inner, new Override(over, place, parent, IsOfUser: false));
            }

            AddOverrides(over, inner, parent, place);
        }
    }

    private void WarnOfUnused()
    {
        foreach (var (path, reference) in _options.Overrides.Where(o => !_usedOverrides.Contains(o.Key)))
        {
            _log.Write(Verbosity.Warning, $"the flag '--override-input {path} {reference.ToText(_sources.Forms)}' does not match any input");
        }

        foreach (var path in _options.Updates.Where(u => !_seen.Contains(u)))
        {
            _log.Write(Verbosity.Warning, $"'{path}' does not match any input of this flake");
        }
    }

    /// <summary>What somebody further up wants in the place of an input.</summary>
    /// <param name="Input">What it is.</param>
    /// <param name="Place">The flake that says so.</param>
    /// <param name="Parent">That flake, seen from the top; null for the command line.</param>
    /// <param name="IsOfUser">Whether the command line says so.</param>
    private sealed record Override(FlakeInput Input, FlakePlace Place, InputPath? Parent, bool IsOfUser);

    /// <summary>What was locked before.</summary>
    /// <param name="Node">The node of the same flake, or null.</param>
    /// <param name="FollowsPrefix">What the follows of that lock file are relative to.</param>
    /// <param name="IsTrusted">Whether the flake cannot have changed since.</param>
    private sealed record Before(LockNode? Node, InputPath FollowsPrefix, bool IsTrusted);

    private sealed record Wanted(InputPath Path, FlakeReference Reference, FlakeInput Asked, bool IsFlake, Override? Override)
    {
        public required FlakePlace Place { get; init; }

        public required InputPath? Parent { get; init; }
    }
}
