using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Firn.Fetching.Inputs;
using Firn.Flakes.Files;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Model.Text.Json;

namespace Firn.Flakes.Locking;

/// <summary>Reads lock files of the versions 5 to 7, and writes the last as C++ Nix does, byte for byte.</summary>
public static class LockFileJson
{
    private const int Oldest = 5;
    private const int Version = 7;
    private const int Indentation = 2;

    /// <summary>Reads a lock file.</summary>
    /// <param name="text">What it holds.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="forms">Reads references.</param>
    /// <param name="log">Hears of inputs that only a hash holds fast.</param>
    /// <exception cref="FlakeException">It is none.</exception>
    public static LockFile Read(string text, string file, InputForms forms, IMessageLog log)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return new Reading(document.RootElement, file, forms, log).Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FlakeException(FlakeErrors.BadLockFile, $"Could not parse '{file}': {e.Message}", "'nix flake update' makes a new one.");
        }
    }

    /// <summary>Writes a lock file, without a newline at its end.</summary>
    public static string Write(LockFile file) => Write(file, Indentation).Text;

    /// <summary>Writes a lock file and tells what each node is called in it.</summary>
    public static (string Text, IReadOnlyDictionary<LockNode, string> Keys) Write(LockFile file, int indentation)
    {
        var keys = new Dictionary<LockNode, string>();
        var nodes = new SortedDictionary<string, LockNode>(Utf8Order.Comparer);
        NameNodes(file.Root, keys, nodes);
        var json = new JsonWriter(indentation);
        json.StartObject();
        json.Key("nodes"u8);
        json.StartObject();
        foreach (var (key, node) in nodes)
        {
            Key(json, key);
            WriteNode(json, node, keys);
        }

        json.EndObject();
        json.Key("root"u8);
        Text(json, keys[file.Root]);
        json.Key("version"u8);
        json.Integer(Version);
        json.EndObject();
        return (Encoding.UTF8.GetString(json.Written), keys);
    }

    /// <summary>Names each node after the input it is first met as, with a number where that name is taken; then its inputs.</summary>
    private static void NameNodes(LockNode root, Dictionary<LockNode, string> keys, SortedDictionary<string, LockNode> nodes)
    {
        var waiting = new Stack<(string Name, LockNode Node)>([("root", root)]);
        while (waiting.TryPop(out var next))
        {
            var (name, node) = next;
            if (keys.ContainsKey(node))
            {
                continue;
            }

            var key = name;
            for (var number = 2; !nodes.TryAdd(key, node); number++)
            {
                key = $"{name}_{number}";
            }

            keys[node] = key;
            foreach (var (input, edge) in node.Inputs.Reverse())
            {
                if (edge is LockEdge.Own own)
                {
                    waiting.Push((input, own.Node));
                }
            }
        }
    }

    private static void WriteNode(JsonWriter json, LockNode node, Dictionary<LockNode, string> keys)
    {
        json.StartObject();
        if (node.Locked is { IsFlake: false })
        {
            json.Key("flake"u8);
            json.Boolean(false);
        }

        if (node.Inputs.Count > 0)
        {
            json.Key("inputs"u8);
            json.StartObject();
            foreach (var (name, edge) in node.Inputs)
            {
                Key(json, name);
                if (edge is LockEdge.Own own)
                {
                    Text(json, keys[own.Node]);
                }
                else if (edge is LockEdge.Same same)
                {
                    WritePath(json, same.As);
                }
            }

            json.EndObject();
        }

        if (node.Locked is { } locked)
        {
            json.Key("locked"u8);
            locked.Reference.ToAttributes().Without("__final").Write(json);
            json.Key("original"u8);
            locked.Original.ToAttributes().Write(json);
            if (locked.Parent is { } parent)
            {
                json.Key("parent"u8);
                WritePath(json, parent);
            }
        }

        json.EndObject();
    }

    private static void WritePath(JsonWriter json, InputPath path)
    {
        json.StartArray();
        foreach (var step in path.Steps)
        {
            Text(json, step);
        }

        json.EndArray();
    }

    private static void Key(JsonWriter json, string name) => json.Key(Encoding.UTF8.GetBytes(name));

    private static void Text(JsonWriter json, string text) => json.String(Encoding.UTF8.GetBytes(text));

    private sealed class Reading(JsonElement document, string file, InputForms forms, IMessageLog log)
    {
        private readonly Dictionary<string, LockNode> _nodes = new(StringComparer.Ordinal);

        // Not by recursion: a file may make a chain as long as it likes.
        private readonly Queue<(LockNode Node, JsonElement Json)> _unread = [];

        public LockFile Read()
        {
            var version = document.TryGetProperty("version", out var number) ? number.GetInt32() : 0;
            if (version is < Oldest or > Version)
            {
                throw new FlakeException(
                    FlakeErrors.BadLockFile, $"lock file '{file}' has unsupported version {version}", $"The versions {Oldest} to {Version} are understood.");
            }

            var lockFile = new LockFile();
            var key = Text(document.GetProperty("root"));
            _nodes[key] = lockFile.Root;
            _unread.Enqueue((lockFile.Root, document.GetProperty("nodes").GetProperty(key)));
            while (_unread.TryDequeue(out var next))
            {
                ReadInputs(next.Node, next.Json);
            }

            return lockFile;
        }

        private void ReadInputs(LockNode node, JsonElement json)
        {
            if (!json.TryGetProperty("inputs", out var inputs))
            {
                return;
            }

            foreach (var input in inputs.EnumerateObject())
            {
                node.Inputs[input.Name] = input.Value.ValueKind == JsonValueKind.Array
                    ? new LockEdge.Same(ReadPath(input.Value))
                    : new LockEdge.Own(Find(Text(input.Value)));
            }
        }

        private LockNode Find(string key)
        {
            if (!_nodes.TryGetValue(key, out var node))
            {
                if (!document.GetProperty("nodes").TryGetProperty(key, out var json))
                {
                    throw new FlakeException(FlakeErrors.BadLockFile, $"lock file references missing node '{key}'");
                }

                node = new LockNode(ReadLocked(json));
                _nodes[key] = node;
                _unread.Enqueue((node, json));
            }

            return node.Locked is null ? throw new FlakeException(FlakeErrors.BadLockFile, "lock file contains cycle to root node") : node;
        }

        private LockedInput ReadLocked(JsonElement json)
        {
            var attributes = ReadReference(json, "locked");
            if (json.TryGetProperty("info", out var info))
            {
                // Version 5 kept beside the reference what was found out about the tree.
                foreach (var (name, value) in InputAttributes.ParseJson(info.GetRawText()).Values)
                {
                    attributes = attributes.With(name, value);
                }
            }

            var reference = FlakeReference.FromAttributes(attributes, forms);
            if (!reference.IsRelative && !forms.IsLocked(reference.Input))
            {
                if (reference.Input.NarHash is null)
                {
                    throw new FlakeException(
                        FlakeErrors.NotLocked, $"Lock file contains unlocked input '{attributes.ToJson()}'. Use '--allow-dirty-locks' to accept this lock file.");
                }

                log.Write(
                    Verbosity.Warning,
                    $"Lock file entry '{reference.ToText(forms)}' is unlocked (e.g. lacks a Git revision) but is checked by NAR hash. This is not reproducible and will break after garbage collection or when shared.");
            }

            return new LockedInput(
                reference with { Input = reference.Input.With("__final", true) },
                FlakeReference.FromAttributes(ReadReference(json, "original"), forms),
                !json.TryGetProperty("flake", out var flake) || flake.GetBoolean(),
                json.TryGetProperty("parent", out var parent) ? ReadPath(parent) : null);
        }

        private static InputAttributes ReadReference(JsonElement json, string name) => json.TryGetProperty(name, out var attributes)
            ? InputAttributes.ParseJson(attributes.GetRawText())
            : throw new FlakeException(FlakeErrors.BadLockFile, $"attribute '{name}' missing in lock file");

        private static string Text(JsonElement json) => json.GetString() ?? throw new InvalidOperationException("a name is null");

        private static InputPath ReadPath(JsonElement json) => new(json.EnumerateArray().Select(Text).ToImmutableArray());
    }
}
