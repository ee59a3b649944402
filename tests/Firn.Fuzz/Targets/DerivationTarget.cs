using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Fuzz.Targets;

/// <summary>The reader of derivations: any bytes are a derivation, which comes back from what is written of it, or one error.</summary>
internal sealed class DerivationTarget : IFuzzTarget
{
    public string Name => "derivation";

    public void Check(byte[] input)
    {
        Derivation derivation;
        try
        {
            derivation = DerivationAterm.Read(input, "name", StoreDirectory.Default);
        }
        catch (InvalidFormatException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        if (derivation.Platform.Span.ContainsAny((byte)'"', (byte)'\\'))
        {
            // Upstream writes platforms without escapes, and so must we: such a file cannot be read again.
            return;
        }

        byte[] written;
        try
        {
            written = DerivationAterm.Write(derivation, StoreDirectory.Default);
        }
        catch (InvalidFormatException)
        {
            // The name of an output may make a path that is too long, which shows when it is written.
            return;
        }

        Assert.Equal(written, DerivationAterm.Write(DerivationAterm.Read(written, "name", StoreDirectory.Default), StoreDirectory.Default));
    }
}
