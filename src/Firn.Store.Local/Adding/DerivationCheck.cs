using System.Collections.Concurrent;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Store.Local.Adding;

/// <summary>Checks that a derivation's outputs have the paths that follow from it, before it becomes valid.</summary>
/// <remarks>Else whoever can add a derivation could claim the output path of another.</remarks>
internal sealed class DerivationCheck(StoreLayout layout)
{
    private readonly ConcurrentDictionary<StorePath, HashModulo> _hashes = new();

    /// <summary>Reads a derivation's file, be it valid or not.</summary>
    /// <exception cref="StoreException">It is missing or no derivation.</exception>
    internal Derivation Read(StorePath path, string real)
    {
        var name = path.Name;
        if (!name.EndsWith(".drv", StringComparison.Ordinal))
        {
            throw new StoreException(StoreErrors.BadDerivation, $"path '{layout.Directory.Absolute(path)}' is not a derivation");
        }

        try
        {
            return DerivationAterm.Read(FileContent.ReadAll(real), name[..^4], layout.Directory);
        }
        catch (InvalidFormatException e)
        {
            throw new StoreException(
                StoreErrors.BadDerivation, $"error parsing derivation '{layout.Directory.Absolute(path)}': {e.Message}", e);
        }
    }

    /// <summary>Returns the outputs with known paths of the derivation at <paramref name="real"/>; none when it is something else.</summary>
    /// <exception cref="StoreException">An output does not have the path that follows.</exception>
    internal IReadOnlyList<KnownOutput> Outputs(StorePath path, string real)
    {
        if (!path.IsDerivation)
        {
            return [];
        }

        var derivation = Read(path, real);
        HashModulo? hash = null;
        foreach (var (name, output) in derivation.Outputs)
        {
            if (output is DerivationOutput.InputAddressed known)
            {
                hash ??= HashModulo.Of(derivation, layout.Directory, masked: true, HashOf);
                if (hash is HashModulo.Whole { IsDeferred: false } whole)
                {
                    Compare(path, derivation, name, known.Path, layout.Directory.MakeOutput(name, whole.Hash, derivation.Name));
                }
            }
        }

        return [.. KnownOutput.Of(derivation, layout.Directory)];
    }

    /// <summary>Returns the hashes by which realisations of a derivation's outputs are known; null when a derivation that it needs is not here.</summary>
    internal HashModulo? HashesOf(Derivation derivation)
    {
        try
        {
            return HashModulo.Of(derivation, layout.Directory, masked: true, HashOf);
        }
        catch (SystemCallException e) when (e.Error == Errno.NoEntry)
        {
            return null;
        }
    }

    private void Compare(StorePath path, Derivation derivation, string name, StorePath found, StorePath wanted)
    {
        if (!found.Equals(wanted))
        {
            throw new StoreException(
                StoreErrors.BadDerivation,
                $"derivation '{layout.Directory.Absolute(path)}' has incorrect output '{layout.Directory.Absolute(found)}', should be '{layout.Directory.Absolute(wanted)}'");
        }

        if (derivation.FindEnvironment(ByteString.Of(name).Span) is { Length: > 0 } variable
            && variable != ByteString.Of(layout.Directory.Absolute(wanted)))
        {
            throw new StoreException(
                StoreErrors.BadDerivation,
                $"derivation '{layout.Directory.Absolute(path)}' has incorrect environment variable '{name}', should be '{layout.Directory.Absolute(wanted)}'");
        }
    }

    private HashModulo HashOf(StorePath path) => _hashes.GetOrAdd(path, p =>
        HashModulo.Of(Read(p, layout.RealPath(p)), layout.Directory, masked: false, HashOf));
}
