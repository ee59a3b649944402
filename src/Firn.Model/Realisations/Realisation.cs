using System.Collections.Immutable;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.Realisations;

/// <summary>An output of a derivation whose path follows from what was built, by the derivation's hash modulo.</summary>
public sealed record DrvOutput(Hash DerivationHash, string OutputName)
{
    /// <summary>Reads <c>sha256:…!out</c>.</summary>
    /// <exception cref="InvalidFormatException">It is not in that form.</exception>
    public static DrvOutput Parse(string text)
    {
        var mark = text.IndexOf('!');
        return mark < 0
            ? throw new InvalidFormatException("derivation output id", text, "it must be a hash, '!' and the name of an output")
            : new DrvOutput(Hash.Parse(text.AsSpan(0, mark)), text[(mark + 1)..]);
    }

    public override string ToString() => $"{DerivationHash.ToString(HashFormat.Base16)}!{OutputName}";
}

/// <summary>Which path an output got, and who says so.</summary>
public sealed record Realisation(DrvOutput Id, StorePath OutputPath)
{
    /// <summary>The signatures, as <c>key-name:base64</c>, sorted.</summary>
    public ImmutableArray<string> Signatures { get; init; } = [];
}
