using System.Collections.Immutable;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Tests.Building;

/// <summary>A derivation in few words: a script for a shell.</summary>
public sealed record Recipe(string Script)
{
    public string Name { get; init; } = "thing";

    public string System { get; init; } = "x86_64-linux";

    public string Builder { get; init; } = "/bin/sh";

    public string[] Outputs { get; init; } = ["out"];

    /// <summary>How the path of each output is found; null when it follows from the inputs.</summary>
    public DerivationOutput? Way { get; init; }

    public Dictionary<string, string> Variables { get; init; } = [];

    public StorePath[] Inputs { get; init; } = [];

    public StorePath[] Sources { get; init; } = [];

    public Derivation ToDerivation(BuildWorld world)
    {
        var hashes = new Dictionary<StorePath, HashModulo>();
        HashModulo OfInput(StorePath path) => hashes.TryGetValue(path, out var known)
            ? known
            : hashes[path] = HashModulo.Of(world.Store.Read(path), world.Directory, masked: false, OfInput);
        var variables = Variables.Select(v => (v.Key, v.Value))
            .Concat([("name", Name), ("system", System), ("builder", Builder), ("PATH", "/usr/bin:/bin")])
            .ToDictionary(v => v.Item1, v => v.Item2);
        foreach (var output in Outputs)
        {
            variables[output] = Way is null ? "" : Placeholder.OfOutput(output).ToString();
        }

        var derivation = new Derivation
        {
            Name = Name,
            Outputs = [.. Outputs.Order(Utf8Order.Comparer).Select(o => new NamedOutput(o, Way ?? new DerivationOutput.Deferred()))],
            InputDerivations = [.. Inputs.Order().Select(i => new InputDerivation(i, WantedOutputs.Of(world.Store.Read(i).Outputs.Select(o => o.Name))))],
            InputSources = [.. Sources.Order()],
            Platform = ByteString.Of(System),
            Builder = ByteString.Of(Builder),
            Arguments = [ByteString.Of("-c"), ByteString.Of(Prelude(world.IsSandboxed) + Script)],
            Environment = Sorted(variables),
        };
        if (Way is DerivationOutput.FixedContent)
        {
            variables["out"] = world.Directory.Absolute(Way.FindPath(world.Directory, Name, "out")!);
            return derivation with { Environment = Sorted(variables) };
        }

        var hash = HashModulo.Of(derivation, world.Directory, masked: true, OfInput);
        if (Way is not null || hash is HashModulo.Whole { IsDeferred: true })
        {
            return derivation;
        }

        var paths = Outputs.ToDictionary(o => o, o => world.Directory.MakeOutput(o, hash.Find(o)!, Name));
        foreach (var (output, path) in paths)
        {
            variables[output] = world.Directory.Absolute(path);
        }

        return derivation with
        {
            Outputs = [.. derivation.Outputs.Select(o => o with { Output = new DerivationOutput.InputAddressed(paths[o.Name]) })],
            Environment = Sorted(variables),
        };
    }

    // In a sandbox there is one program; the shell gets its other names as functions.
    private static string Prelude(bool isSandboxed) => !isSandboxed ? "" : string.Concat(
        ((string[])["ls", "env", "id", "hostname", "pwd", "cat", "cut", "find", "sort", "touch", "chmod", "mkdir", "nc", "sleep", "ln", "cp"])
            .Select(n => $"{n}() {{ /bin/busybox {n} \"$@\"; }}; "));

    private static ImmutableArray<EnvironmentVariable> Sorted(Dictionary<string, string> variables) =>
        [.. variables.Select(v => new EnvironmentVariable(ByteString.Of(v.Key), ByteString.Of(v.Value))).OrderBy(v => v.Name)];
}
