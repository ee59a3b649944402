using System.Collections.Concurrent;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Helping;

/// <summary>What all threads of an evaluation know once one of them has found it out.</summary>
internal sealed class SharedFacts
{
    /// <summary>The paths that expressions may read, with what is below them, when evaluation is pure or restricted.</summary>
    public ConcurrentDictionary<string, bool> Allowed { get; } = new(StringComparer.Ordinal);

    /// <summary>Where files and folders were copied to in the store.</summary>
    public ConcurrentDictionary<string, StorePath> Copied { get; } = new(StringComparer.Ordinal);

    /// <summary>The same of what follows from files alone, which has to have seen itself what it copied.</summary>
    public ConcurrentDictionary<string, StorePath> ClosedCopied { get; } = new(StringComparer.Ordinal);

    /// <summary>The files that strings were read from, by the strings' handles.</summary>
    public ConcurrentDictionary<uint, string> Origins { get; } = [];

    /// <summary>The unmasked hashes of derivations.</summary>
    public ConcurrentDictionary<StorePath, HashModulo> DerivationHashes { get; } = [];
}
