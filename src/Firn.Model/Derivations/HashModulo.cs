using System.Collections.Immutable;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>The hash of a derivation in which fixed-output inputs count by what they make, not how.</summary>
/// <remarks>Specified in the manual under "Input-addressing derivation outputs".</remarks>
public abstract record HashModulo
{
    private HashModulo() { }

    /// <summary>Each output has a hash of its own, made from its content's hash.</summary>
    public sealed record Fixed(ImmutableSortedDictionary<string, Hash> Outputs) : HashModulo;

    /// <summary>All outputs share a hash.</summary>
    /// <param name="Hash">Of the derivation with its inputs replaced.</param>
    /// <param name="IsDeferred">Whether the outputs' paths cannot follow from it, since an input floats.</param>
    public sealed record Whole(Hash Hash, bool IsDeferred) : HashModulo
    {
        /// <summary>The hash in base 16, as the file form of what needs this derivation has it.</summary>
        internal string Digest { get; } = Hash.Digest(HashFormat.Base16);
    }

    /// <summary>Computes the hash of <paramref name="derivation"/>.</summary>
    /// <param name="derivation">What to hash.</param>
    /// <param name="directory">The store it is for.</param>
    /// <param name="masked">Whether to blank its outputs, as their own paths need it.</param>
    /// <param name="ofInput">Gives the unmasked hash of a derivation that it needs.</param>
    public static HashModulo Of(Derivation derivation, StoreDirectory directory, bool masked, Func<StorePath, HashModulo> ofInput)
    {
        if (derivation.Outputs.All(o => o.Output is DerivationOutput.FixedContent) && !derivation.Outputs.IsEmpty)
        {
            return new Fixed(derivation.Outputs.ToImmutableSortedDictionary(
                o => o.Name, o => OfFixed(derivation, directory, o.Name, (DerivationOutput.FixedContent)o.Output), Utf8Order.Comparer));
        }

        var deferred = derivation.Outputs.Any(o => o.Output is DerivationOutput.FloatingContent or DerivationOutput.Impure);
        var inputs = new List<(string Digest, IReadOnlyList<string> Outputs)>(derivation.InputDerivations.Length);
        foreach (var input in derivation.InputDerivations)
        {
            var hashes = ofInput(input.Path);
            deferred |= hashes is Whole { IsDeferred: true };
            if (hashes is Whole whole)
            {
                inputs.Add((whole.Digest, input.Outputs.Names));
                continue;
            }

            foreach (var output in input.Outputs.Names)
            {
                var hash = hashes.Find(output)
                    ?? throw new InvalidFormatException("derivation", derivation.Name, $"it needs output '{output}' of '{input.Path}', which has no such output");
                inputs.Add((hash.Digest(HashFormat.Base16), [output]));
            }
        }

        using var text = new PooledWriter();
        DerivationAterm.Write(text, derivation, directory, masked, Merged(inputs));
        return new Whole(Hash.Sha256(text.Written), deferred);
    }

    // Inputs that make the same thing are one.
    private static List<(string Digest, IReadOnlyList<string> Outputs)> Merged(List<(string Digest, IReadOnlyList<string> Outputs)> inputs)
    {
        inputs.Sort((a, b) => string.CompareOrdinal(a.Digest, b.Digest));
        var merged = new List<(string Digest, IReadOnlyList<string> Outputs)>(inputs.Count);
        foreach (var input in inputs)
        {
            if (merged.Count > 0 && merged[^1].Digest == input.Digest)
            {
                merged[^1] = (input.Digest, [.. merged[^1].Outputs.Union(input.Outputs).Order(Utf8Order.Comparer)]);
            }
            else
            {
                merged.Add(input);
            }
        }

        return merged;
    }

    /// <summary>Returns the hash that stands for output <paramref name="output"/>, or null when a fixed one lacks it.</summary>
    public Hash? Find(string output) => this switch
    {
        Fixed content => content.Outputs.GetValueOrDefault(output),
        Whole whole => whole.Hash,
        _ => null,
    };

    private static Hash OfFixed(Derivation derivation, StoreDirectory directory, string output, DerivationOutput.FixedContent content)
    {
        var path = directory.Absolute(content.FindPath(directory, derivation.Name, output)!);
        var address = content.Address;
        return Hash.Sha256(Encoding.UTF8.GetBytes($"fixed:out:{address.MethodAndAlgorithm}:{address.Hash.Digest(HashFormat.Base16)}:{path}"));
    }
}
