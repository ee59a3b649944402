using System.Collections.Immutable;
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
    public sealed record Fixed(ImmutableArray<(string Name, Hash Hash)> Outputs) : HashModulo;

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
            return new Fixed([.. derivation.Outputs.Select(
                o => (o.Name, OfFixed(derivation.Name, directory, o.Name, (DerivationOutput.FixedContent)o.Output)))]);
        }

        var inputs = new List<HashedInput>(derivation.InputDerivations.Length);
        var deferred = derivation.Outputs.Any(o => o.Output is DerivationOutput.FloatingContent or DerivationOutput.Impure);
        foreach (var input in derivation.InputDerivations)
        {
            deferred |= Add(inputs, derivation.Name, input.Path, input.Outputs, ofInput);
        }

        using var text = new PooledWriter();
        Merge(inputs);
        DerivationAterm.Write(text, derivation, directory, masked, inputs);
        return new Whole(Hash.Sha256(text.Written), deferred);
    }

    /// <summary>Returns the hash that stands for output <paramref name="output"/>, or null when a fixed one lacks it.</summary>
    public Hash? Find(string output)
    {
        if (this is Whole whole)
        {
            return whole.Hash;
        }

        foreach (var (name, hash) in ((Fixed)this).Outputs)
        {
            if (name == output)
            {
                return hash;
            }
        }

        return null;
    }

    /// <summary>Adds what stands for an input; tells whether that input's outputs have no known paths.</summary>
    internal static bool Add(
        List<HashedInput> inputs, string derivation, StorePath path, WantedOutputs outputs, Func<StorePath, HashModulo> ofInput)
    {
        var hashes = ofInput(path);
        if (hashes is Whole whole)
        {
            inputs.Add(new(whole.Hash, outputs.Names));
            return whole.IsDeferred;
        }

        foreach (var output in outputs.Names)
        {
            var hash = hashes.Find(output)
                ?? throw new InvalidFormatException("derivation", derivation, $"it needs output '{output}' of '{path}', which has no such output");
            inputs.Add(new(hash, WantedOutputs.Of(output).Names));
        }

        return false;
    }

    /// <summary>Sorts inputs; those that make the same thing become one.</summary>
    internal static void Merge(List<HashedInput> inputs)
    {
        inputs.Sort((a, b) => a.Hash.Bytes.SequenceCompareTo(b.Hash.Bytes));
        var count = 0;
        for (var i = 0; i < inputs.Count; i++)
        {
            var input = inputs[i];
            if (count > 0 && inputs[count - 1].Hash.Equals(input.Hash))
            {
                inputs[count - 1] = new(input.Hash, [.. inputs[count - 1].Outputs.Union(input.Outputs).Order(Utf8Order.Comparer)]);
            }
            else
            {
                inputs[count++] = input;
            }
        }

        inputs.RemoveRange(count, inputs.Count - count);
    }

    internal static Hash OfFixed(string derivation, StoreDirectory directory, string output, DerivationOutput.FixedContent content)
    {
        var path = content.FindPath(directory, derivation, output)!;
        var address = content.Address;
        using var text = new PooledWriter();
        text.Write("fixed:out:"u8);
        text.Write(address.MethodAndAlgorithm);
        text.Write(":"u8);
        text.WriteBase16(address.Hash.Bytes);
        text.Write(":"u8);
        text.Write(directory.Prefix);
        text.Write(path.Bytes);
        return Hash.Sha256(text.Written);
    }
}

/// <summary>What stands for an input in the text that a derivation's hash is taken of.</summary>
internal readonly record struct HashedInput(Hash Hash, ImmutableArray<string> Outputs);
