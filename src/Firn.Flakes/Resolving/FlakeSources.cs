using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes.Files;
using Firn.Flakes.Locking;
using Firn.Flakes.References;
using Firn.Flakes.Registries;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Flakes.Resolving;

/// <summary>Fetches flakes and reads what they say.</summary>
/// <param name="fetcher">Fetches trees into the store.</param>
/// <param name="registries">Knows names.</param>
/// <param name="log">Hears of lock files that are not as they should be.</param>
public sealed class FlakeSources(Fetcher fetcher, RegistryLookup registries, IMessageLog log)
{
    private const string FlakeFileName = "flake.nix";
    private const string LockFileName = "flake.lock";

    private readonly Dictionary<InputAttributes, FetchedTree> _trees = [];

    public InputForms Forms => fetcher.Forms;

    /// <summary>Gets the tree of a reference; the same twice gives the same, whatever happens to its source meanwhile.</summary>
    public (FlakeReference Resolved, FlakeReference Locked, StorePath Tree) FetchTree(FlakeReference reference, RegistryUse use)
    {
        var resolved = reference.Input.Type == "indirect" ? registries.Resolve(reference, use) : reference;
        if (!_trees.TryGetValue(resolved.Input, out var tree))
        {
            tree = fetcher.FetchTree(resolved.Input);
            _trees[resolved.Input] = tree;
            _trees.TryAdd(tree.Attributes, tree);
        }

        return (resolved, resolved with { Input = tree.Attributes }, tree.Path);
    }

    /// <summary>Forgets what was fetched for a reference: it has been changed.</summary>
    public void Forget(FlakeReference reference) => _trees.Remove(reference.Input);

    /// <summary>Forgets all that was fetched: what can change may have changed.</summary>
    public void ForgetAll() => _trees.Clear();

    /// <summary>Gets a flake.</summary>
    /// <param name="reference">Which one.</param>
    /// <param name="use">Which registries count.</param>
    /// <param name="lockRoot">The input that it is.</param>
    /// <exception cref="FirnException">There is none.</exception>
    public FetchedFlake Fetch(FlakeReference reference, RegistryUse use, InputPath lockRoot)
    {
        var (resolved, locked, tree) = FetchTree(reference, use);
        var flake = Read(reference, resolved, locked, new FlakePlace(tree, ""), lockRoot);
        var wanted = locked.Input;
        foreach (var (name, value) in flake.File.Self.Values)
        {
            wanted = name is "submodules" or "lfs"
                ? wanted.With(name, value)
                : throw new FlakeException(FlakeErrors.BadFile, $"flake 'self' attribute '{name}' is not supported", "submodules and lfs are.");
        }

        if (wanted.Equals(locked.Input))
        {
            return flake;
        }

        log.Write(Verbosity.Debug, $"refetching input '{new FlakeReference(wanted, locked.Directory).ToText(Forms)}' due to self attribute");

        // The flake says itself how it is to be fetched, which is known only now.
        var again = locked with { Input = WithoutFindings(resolved.Input, wanted) };
        (_, locked, tree) = FetchTree(again, RegistryUse.None);
        return Read(reference, resolved, locked, new FlakePlace(tree, ""), lockRoot);
    }

    /// <summary>Reads the flake at a place that is in the store already.</summary>
    public FetchedFlake Read(FlakeReference original, FlakeReference resolved, FlakeReference locked, FlakePlace tree, InputPath lockRoot)
    {
        var place = tree.Follow(resolved.Directory);
        var file = $"{RealPath(place)}/{FlakeFileName}";
        if (!File.Exists(file))
        {
            throw NoFlake(original, resolved, place);
        }

        var name = $"{fetcher.Store.Directory.Absolute(place.Tree)}{(place.Directory.Length > 0 ? "/" : "")}{place.Directory}/{FlakeFileName}";
        var shown = FindOrigin(place.Tree, $"{place.Directory}{(place.Directory.Length > 0 ? "/" : "")}{FlakeFileName}");
        return new FetchedFlake(original, resolved, locked, place, FlakeFileReader.Read(File.ReadAllBytes(file), name, shown, resolved.ToText(Forms), lockRoot, Forms));
    }

    /// <summary>Reads the lock file of a flake; an empty one where there is none.</summary>
    public LockFile ReadLockFile(FlakePlace place) => ReadLockFile($"{RealPath(place)}/{LockFileName}");

    /// <summary>Reads a lock file.</summary>
    public LockFile ReadLockFile(string file) => File.Exists(file) ? LockFileJson.Read(File.ReadAllText(file), file, Forms, log) : new LockFile();

    /// <summary>Returns where a place is on this machine.</summary>
    public string RealPath(FlakePlace place) =>
        fetcher.Store.RealPath(place.Tree) + (place.Directory.Length > 0 ? "/" : "") + place.Directory;

    /// <summary>Returns how to tell that a file is missing in a tree that was fetched, and what to do about it; null for other trees.</summary>
    public (string Message, string Hint)? FindMissing(StorePath tree, string file)
    {
        foreach (var (input, _) in _trees.Where(t => t.Value.Path.Equals(tree) && t.Key.Type == "git"))
        {
            if (fetcher.FindFolder(input) is { } repository)
            {
                return fetcher.FindUntracked(input, file) is null
                    ? ($"Path '{file}' does not exist in Git repository \"{repository}\".", "")
                    : ($"Path '{file}' in the repository \"{repository}\" is not tracked by Git.", $"To make it visible to Nix, run: git -C '{repository}' add '{file}'");
            }
        }

        return FindOrigin(tree, file) is { } origin ? ($"'{origin}' does not exist", "") : null;
    }

    /// <summary>Returns where a file of a tree that was fetched comes from: a file that can be changed, or one of what the reference says.</summary>
    public string? FindOrigin(StorePath tree, string file)
    {
        // A work tree first: the same tree is known by what it was locked to as well.
        var inputs = _trees.Where(t => t.Value.Path.Equals(tree)).Select(t => t.Key).ToList();
        return inputs.Select(fetcher.FindFolder).FirstOrDefault(folder => folder is not null) is { } found ? $"{found}/{file}"
            : inputs.Count > 0 ? $"«{Forms.ToUrl(inputs[^1].Without("__final").Without("narHash"))}»/{file}"
            : null;
    }

    /// <summary>Returns the folder that a reference means, when it is one that can be changed; else null.</summary>
    public string? FindFolder(FlakeReference reference) => fetcher.FindFolder(reference.Input);

    /// <summary>Writes a file of a flake, and commits it if there is a message.</summary>
    public void WriteFile(FlakeReference reference, string name, string content, string? message) =>
        fetcher.WriteFile(reference.Input, reference.Directory.Length > 0 ? $"{reference.Directory}/{name}" : name, content, message);

    private static InputAttributes WithoutFindings(InputAttributes asked, InputAttributes wanted)
    {
        var input = wanted.Without("narHash").Without("__final");
        foreach (var name in (ReadOnlySpan<string>)["lastModified", "revCount", "dirtyRev", "dirtyShortRev"])
        {
            input = asked.Has(name) ? input : input.Without(name);
        }

        return input;
    }

    private FlakeException NoFlake(FlakeReference original, FlakeReference resolved, FlakePlace place)
    {
        var file = place.Directory.Length > 0 ? $"{place.Directory}/{FlakeFileName}" : FlakeFileName;
        if (FindMissing(place.Tree, file) is { Hint.Length: > 0 } missing)
        {
            return new FlakeException(FlakeErrors.Untracked, missing.Message, missing.Hint);
        }

        return new FlakeException(
            FlakeErrors.NoFlake, $"source tree referenced by '{original.ToText(Forms)}' does not contain a '/{file}' file",
            "A folder inside is named by '?dir=FOLDER'; what is no flake can be an input with 'flake = false'.");
    }
}
