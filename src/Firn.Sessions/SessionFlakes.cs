using Firn.Evaluation.Host;
using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes.Files;
using Firn.Flakes.Locking;
using Firn.Flakes.References;
using Firn.Flakes.Registries;
using Firn.Flakes.Resolving;
using Firn.Model.StorePaths;
using Firn.Sessions.Configuration;
using Firn.Sessions.Ports;

namespace Firn.Sessions;

/// <summary>The flakes of a session: its registries, what it fetched, how it locks.</summary>
public sealed class SessionFlakes
{
    private readonly Session _session;
    private readonly Lazy<FlakeSources> _sources;
    private readonly RegistryLookup _lookup;

    internal SessionFlakes(Session session)
    {
        _session = session;
        Forms = new InputForms(session.Get<FetchSettings>());
        Registries = new RegistryFiles(session, Forms);
        _lookup = new RegistryLookup(Forms, Registries.List);
        _sources = new(() => new FlakeSources(session.Fetcher, _lookup, session.Log));
    }

    /// <summary>Reads and writes inputs.</summary>
    public InputForms Forms { get; }

    public RegistryFiles Registries { get; }

    /// <summary>Fetches flakes.</summary>
    public FlakeSources Sources => _sources.Value;

    /// <summary>Reads a reference that somebody typed, and what stands after <c>#</c>.</summary>
    public (FlakeReference Reference, string Fragment) ParseWithFragment(string text, bool allowsMissing = false) =>
        FlakeReference.ParseWithFragment(text, Forms, new ReferenceReading(_session.BaseDirectory, allowsMissing, Log: _session.Log));

    /// <summary>Reads a reference that somebody typed.</summary>
    public FlakeReference Parse(string text, bool allowsMissing = false, bool isFlake = true) =>
        FlakeReference.Parse(text, Forms, new ReferenceReading(_session.BaseDirectory, allowsMissing, isFlake, Log: _session.Log));

    /// <summary>Returns what a reference stands for.</summary>
    public FlakeReference Resolve(FlakeReference reference) => _lookup.Resolve(reference, RegistryUse.All);

    /// <summary>Fetches a flake and works out what its inputs are.</summary>
    public LockedFlake Lock(FlakeReference reference, LockOptions options)
    {
        var settings = _session.Get<SessionSettings>();
        return new FlakeLocker(
            Sources, _session.Get<FetchSettings>(), new LockPolicy(settings.UseRegistries, settings.CommitLockFileSummary), _session.Log).Lock(reference, options);
    }

    /// <summary>Returns how to tell that a file is missing in a tree that was fetched, and what to do about it; null for other trees.</summary>
    public (string Message, string Hint)? FindMissing(StorePath tree, string file) => _sources.IsValueCreated ? Sources.FindMissing(tree, file) : null;

    /// <summary>Returns where a file of a tree that was fetched comes from; null for other trees.</summary>
    public string? FindOrigin(StorePath tree, string file) => _sources.IsValueCreated ? Sources.FindOrigin(tree, file) : null;

    /// <summary>Returns a locked flake as evaluation has it.</summary>
    public FlakeGraph GraphOf(LockedFlake flake)
    {
        var numbers = new Dictionary<LockNode, int>();
        var nodes = new List<LockNode>();
        void Number(LockNode node)
        {
            if (numbers.TryAdd(node, nodes.Count))
            {
                nodes.Add(node);
                foreach (var own in node.Inputs.Values.OfType<LockEdge.Own>())
                {
                    Number(own.Node);
                }
            }
        }

        Number(flake.Lock.Root);
        return new FlakeGraph([.. nodes.Select(node => new FlakeNode(
            TreeOf(flake, node, numbers), DirectoryOf(flake, node), node.Locked?.IsFlake ?? true,
            [.. node.Inputs.Select(input => (input.Key, numbers[Follow(flake, input.Value)]))]))]);
    }

    /// <summary>Describes a tree that was fetched.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="input">What is known about it.</param>
    /// <param name="isChanged">Whether it is not what its revision says.</param>
    internal static Evaluation.Host.FetchedTree Describe(FlakePlace place, InputAttributes input, bool isChanged)
    {
        var known = TreeAttributes.Describe(input, namesMissingRevision: false);
        return new(place.Tree, InputObjects.From(isChanged ? known.Without("rev").Without("shortRev").Without("revCount") : known));
    }

    private static LockNode Follow(LockedFlake flake, LockEdge edge) => edge switch
    {
        LockEdge.Own own => own.Node,
        LockEdge.Same same => flake.Lock.Find(same.As)!,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static FlakeTree TreeOf(LockedFlake flake, LockNode node, Dictionary<LockNode, int> numbers)
    {
        if (flake.Places.TryGetValue(node, out var place))
        {
            return new FlakeTree.Here(Describe(place, (node.Locked?.Reference ?? flake.Flake.Locked).Input, node.Locked is null && flake.IsChanged));
        }

        var reference = node.Locked!.Reference;
        return reference.IsRelative
            ? new FlakeTree.SameAs(numbers[flake.Lock.Find(node.Locked.Parent ?? InputPath.Top)!])
            : new FlakeTree.ToFetch(InputObjects.From(reference.Input.With("__final", true)));
    }

    private static string Plain(string path) => string.Join('/', path.Split('/').Where(step => step is not ("." or "")));

    private static string DirectoryOf(LockedFlake flake, LockNode node) => flake.Places.TryGetValue(node, out var place) ? place.Directory
        : node.Locked!.Reference is { IsRelative: true } relative ? Plain(relative.Input.GetText("path"))
        : node.Locked.Reference.Directory;
}
