using System.Globalization;
using Firn.Building.Options;
using Firn.Building.Outputs;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Environments;

/// <summary>The variables and the files that a builder starts with.</summary>
/// <param name="Variables">The environment.</param>
/// <param name="Files">What lies in the build directory, by name.</param>
public sealed record BuilderEnvironment(
    IReadOnlyDictionary<ByteString, ByteString> Variables, IReadOnlyDictionary<string, ByteString> Files)
{
    /// <summary>Decides what a builder is to see.</summary>
    public static BuilderEnvironment Make(EnvironmentSource source, Rewrites rewrites)
    {
        var variables = new SortedDictionary<ByteString, ByteString>();
        void Set(string name, string value) => variables[ByteString.Of(name)] = ByteString.Of(value);

        // A shell would else set a path of its own, and look up a home directory for the user.
        Set("PATH", "/path-not-set");
        Set("HOME", "/homeless-shelter");
        Set("NIX_STORE", source.Directory.Path);
        Set("NIX_BUILD_CORES", source.Cores.ToString(CultureInfo.InvariantCulture));
        var files = new SortedDictionary<string, ByteString>(Utf8Order.Comparer);
        if (source.Options.Structured is { } attributes)
        {
            AddStructured(source, StructuredAttributes.Prepare(
                attributes, source.Derivation, source.Graphs.Select(g => (g.Name, g.ToJson(source.Directory)))), files, Set);
        }
        else
        {
            AddPlain(source, variables, files);
        }

        foreach (var name in (ReadOnlySpan<string>)["NIX_BUILD_TOP", "TMPDIR", "TEMPDIR", "TMP", "TEMP", "PWD"])
        {
            Set(name, source.BuildDirectory);
        }

        if (source.Derivation.IsFixed)
        {
            Set("NIX_OUTPUT_CHECKED", "1");
        }

        foreach (var (name, value) in source.ImpureVariables)
        {
            Set(name, value);
        }

        Set("NIX_LOG_FD", "2");
        Set("TERM", "xterm-256color");
        if (source.StoreUri is { } uri)
        {
            Set("NIX_REMOTE", uri);
        }

        return new(
            variables.ToDictionary(v => rewrites.Apply(v.Key), v => rewrites.Apply(v.Value)),
            files.ToDictionary(f => f.Key, f => rewrites.Apply(f.Value)));
    }

    private static void AddStructured(
        EnvironmentSource source, JsonValue.Members attributes, SortedDictionary<string, ByteString> files, Action<string, string> set)
    {
        files[".attrs.sh"] = ByteString.Of(StructuredAttributes.WriteShell(attributes));
        files[".attrs.json"] = ByteString.Of(attributes.Write());
        set("NIX_ATTRS_SH_FILE", $"{source.BuildDirectory}/.attrs.sh");
        set("NIX_ATTRS_JSON_FILE", $"{source.BuildDirectory}/.attrs.json");
    }

    private static void AddPlain(
        EnvironmentSource source, SortedDictionary<ByteString, ByteString> variables, SortedDictionary<string, ByteString> files)
    {
        foreach (var (name, value) in source.Derivation.Environment)
        {
            if (!source.Options.PassAsFile.Contains(name))
            {
                variables[name] = value;
                continue;
            }

            var file = ".attr-" + Hash.Sha256(name.Span).Digest(HashFormat.Nix32);
            files[file] = value;
            variables[new ByteString([.. name.Span, .. "Path"u8])] = ByteString.Of($"{source.BuildDirectory}/{file}");
        }

        foreach (var graph in source.Graphs)
        {
            files[graph.Name] = ByteString.Of(graph.ToRegistration(source.Directory));
        }
    }
}

/// <summary>All that decides what a builder sees.</summary>
public sealed record EnvironmentSource
{
    public required Derivation Derivation { get; init; }

    public required DerivationOptions Options { get; init; }

    public required StoreDirectory Directory { get; init; }

    /// <summary>The build directory as the builder sees it.</summary>
    public required string BuildDirectory { get; init; }

    /// <summary>How many processors the build may use.</summary>
    public required int Cores { get; init; }

    /// <summary>The address of the store for a builder that works with it, or null.</summary>
    public string? StoreUri { get; init; }

    public IReadOnlyList<ReferenceGraph> Graphs { get; init; } = [];

    /// <summary>Variables of the caller that a fixed-output or impure build asked for.</summary>
    public IReadOnlyDictionary<string, string> ImpureVariables { get; init; } = new Dictionary<string, string>();
}
