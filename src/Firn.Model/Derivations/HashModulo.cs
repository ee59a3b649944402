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
    public sealed record Whole(Hash Hash, bool IsDeferred) : HashModulo;

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
        var inputs = new Dictionary<string, ImmutableSortedSet<string>>(derivation.InputDerivations.Length);
        foreach (var input in derivation.InputDerivations)
        {
            var hashes = ofInput(input.Path);
            deferred |= hashes is Whole { IsDeferred: true };
            foreach (var output in input.Outputs.Names)
            {
                var hash = hashes.Find(output)
                    ?? throw new InvalidFormatException("derivation", derivation.Name, $"it needs output '{output}' of '{input.Path}', which has no such output");
                var digest = hash.Digest(HashFormat.Base16);
                inputs[digest] = inputs.GetValueOrDefault(digest, ImmutableSortedSet.Create<string>(Utf8Order.Comparer)).Add(output);
            }
        }

        using var text = new PooledWriter();
        DerivationAterm.Write(text, derivation, directory, masked, inputs.ToImmutableSortedDictionary(StringComparer.Ordinal));
        return new Whole(Hash.Sha256(text.Written), deferred);
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
