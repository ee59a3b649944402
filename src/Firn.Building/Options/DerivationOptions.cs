using System.Collections.Immutable;
using Firn.Building.Environments;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Options;

/// <summary>What the attributes of a derivation ask of those who build it.</summary>
public sealed record DerivationOptions
{
    /// <summary>What is demanded of every output; null when outputs have demands of their own.</summary>
    public OutputChecks? CommonChecks { get; init; }

    /// <summary>What is demanded of single outputs, by name.</summary>
    public ImmutableDictionary<string, OutputChecks> ChecksByOutput { get; init; } = ImmutableDictionary<string, OutputChecks>.Empty;

    /// <summary>The outputs whose references are not looked for.</summary>
    public ImmutableHashSet<string> UnsafeDiscardReferences { get; init; } = [];

    /// <summary>The variables that the builder finds in files.</summary>
    public ImmutableHashSet<ByteString> PassAsFile { get; init; } = [];

    /// <summary>The graphs that the builder finds in files: names, and the objects that they start from.</summary>
    public ImmutableArray<ExportedGraph> ExportReferencesGraph { get; init; } = [];

    /// <summary>Whether to build outside the sandbox.</summary>
    public bool IsOutsideSandbox { get; init; }

    public ImmutableArray<string> ImpureHostDeps { get; init; } = [];

    public ImmutableArray<string> ImpureEnvVars { get; init; } = [];

    public ImmutableSortedSet<string> RequiredSystemFeatures { get; init; } = ImmutableSortedSet.Create<string>(Utf8Order.Comparer);

    public bool PrefersLocalBuild { get; init; }

    public bool AllowsSubstitutes { get; init; } = true;

    /// <summary>Structured attributes, or null.</summary>
    internal JsonValue.Members? Structured { get; init; }

    /// <summary>Reads the options from environment or structured attributes.</summary>
    /// <param name="derivation">The derivation.</param>
    /// <param name="directory">The store it is for.</param>
    /// <param name="isResolved">Whether all paths in it are final; else those that may be placeholders are left out.</param>
    /// <exception cref="InvalidFormatException">An attribute is not what it has to be.</exception>
    public static DerivationOptions Read(Derivation derivation, StoreDirectory directory, bool isResolved)
    {
        var attributes = derivation.StructuredAttributes is { } json
            ? AttributeReader.OfStructured(json)
            : AttributeReader.OfEnvironment(derivation);
        return new DerivationOptions
        {
            Structured = attributes.Structured,
            CommonChecks = isResolved ? attributes.CommonChecks(directory) : null,
            ChecksByOutput = isResolved ? attributes.ChecksByOutput(directory) : ImmutableDictionary<string, OutputChecks>.Empty,
            UnsafeDiscardReferences = attributes.UnsafeDiscardReferences(),
            PassAsFile = attributes.PassAsFile(),
            ExportReferencesGraph = isResolved ? attributes.Graphs(directory) : [],
            IsOutsideSandbox = attributes.Flag("__noChroot", false),
            ImpureHostDeps = attributes.Words("__impureHostDeps") ?? [],
            ImpureEnvVars = attributes.Words("impureEnvVars") ?? [],
            RequiredSystemFeatures = (attributes.Words("requiredSystemFeatures") ?? []).ToImmutableSortedSet(Utf8Order.Comparer),
            PrefersLocalBuild = attributes.Flag("preferLocalBuild", false),
            AllowsSubstitutes = attributes.Flag("allowSubstitutes", true),
        };
    }

    /// <summary>Returns the features that a machine must have, those included that follow from the kind of derivation.</summary>
    public ImmutableSortedSet<string> FeaturesFor(Derivation derivation) =>
        derivation.Outputs.Any(o => o.Output is DerivationOutput.FloatingContent or DerivationOutput.Impure)
            ? RequiredSystemFeatures.Add("ca-derivations")
            : RequiredSystemFeatures;

    /// <summary>Returns what is demanded of <paramref name="output"/>, or null.</summary>
    public OutputChecks? ChecksOf(string output) => CommonChecks ?? ChecksByOutput.GetValueOrDefault(output);
}

/// <summary>A graph of references that a builder gets to read.</summary>
/// <param name="Name">The file, or with structured attributes the attribute.</param>
/// <param name="Roots">What it starts from, sorted.</param>
public sealed record ExportedGraph(string Name, ImmutableArray<StorePath> Roots);
