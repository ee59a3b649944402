using System.Collections.Immutable;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>A recipe for a build: what it needs, what it runs, what it makes.</summary>
/// <remarks>All arrays are sorted by the bytes of their first member; <see cref="DerivationAterm"/> is the file form.</remarks>
public sealed record Derivation
{
    /// <summary>The name without <c>.drv</c>.</summary>
    public required string Name { get; init; }

    public required ImmutableArray<NamedOutput> Outputs { get; init; }

    public ImmutableArray<InputDerivation> InputDerivations { get; init; } = [];

    public ImmutableArray<StorePath> InputSources { get; init; } = [];

    /// <summary>What the builder runs on, such as <c>x86_64-linux</c> or <c>builtin</c>.</summary>
    public required ByteString Platform { get; init; }

    public required ByteString Builder { get; init; }

    public ImmutableArray<ByteString> Arguments { get; init; } = [];

    public ImmutableArray<EnvironmentVariable> Environment { get; init; } = [];

    /// <summary>The JSON of <c>__structuredAttrs</c>, or null.</summary>
    public ByteString? StructuredAttributes => FindEnvironment("__json"u8);

    /// <summary>Whether the one output has a hash that the author wrote down.</summary>
    public bool IsFixed => Outputs is [{ Output: DerivationOutput.FixedContent }];

    /// <summary>Whether the builder is part of the program, as for <c>builtin:fetchurl</c>.</summary>
    public bool IsBuiltin => Builder.Span.StartsWith("builtin:"u8);

    /// <summary>Returns how the path of output <paramref name="name"/> is found, or null when there is no such output.</summary>
    public DerivationOutput? FindOutput(string name)
    {
        foreach (var output in Outputs)
        {
            if (output.Name == name)
            {
                return output.Output;
            }
        }

        return null;
    }

    /// <summary>Returns the value of environment variable <paramref name="name"/>, or null.</summary>
    public ByteString? FindEnvironment(ReadOnlySpan<byte> name)
    {
        var (low, high) = (0, Environment.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Environment[middle].Name.Span.SequenceCompareTo(name);
            if (order == 0)
            {
                return Environment[middle].Value;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>Returns what the file of this derivation refers to: its sources and the derivations it needs, sorted.</summary>
    public ImmutableArray<StorePath> References() =>
        [.. InputSources.Concat(InputDerivations.Select(i => i.Path)).Distinct().Order()];
}

/// <summary>One output of a derivation.</summary>
public sealed record NamedOutput(string Name, DerivationOutput Output);

/// <summary>One variable of a build's environment.</summary>
public readonly record struct EnvironmentVariable(ByteString Name, ByteString Value);

/// <summary>Which outputs of another derivation a derivation needs.</summary>
public sealed record InputDerivation(StorePath Path, WantedOutputs Outputs);

/// <summary>Outputs of a derivation, and outputs of derivations that those outputs are (dynamic derivations).</summary>
/// <param name="Names">Sorted.</param>
/// <param name="Dynamic">Sorted by output; empty but for dynamic derivations.</param>
public sealed record WantedOutputs(ImmutableArray<string> Names, ImmutableArray<DynamicOutputs> Dynamic)
{
    private static readonly WantedOutputs _default = new([OutputName.Default], []);

    public static WantedOutputs Of(IEnumerable<string> names) => Of([.. names]);

    public static WantedOutputs Of(string name) => name == OutputName.Default ? _default : new([name], []);

    private static WantedOutputs Of(string[] names) => names is [OutputName.Default]
        ? _default
        : new([.. names.Distinct().Order(Utf8Order.Comparer)], []);
}

/// <summary>Which outputs are needed of the derivation that is the output <paramref name="Output"/>.</summary>
public sealed record DynamicOutputs(string Output, WantedOutputs Outputs);
