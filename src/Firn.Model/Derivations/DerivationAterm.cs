using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>The file form of derivations: an ATerm, as the manual's "Derivation ATerm format" specifies it.</summary>
public static class DerivationAterm
{
    /// <summary>Writes <paramref name="derivation"/> as its file holds it.</summary>
    public static byte[] Write(Derivation derivation, StoreDirectory directory)
    {
        using var output = new PooledWriter();
        Write(output, derivation, directory, masked: false, inputs: null);
        return output.Written.ToArray();
    }

    /// <summary>Reads the content of a derivation's file.</summary>
    /// <exception cref="Diagnostics.InvalidFormatException">It is not in that form.</exception>
    public static Derivation Read(ReadOnlySpan<byte> text, string name, StoreDirectory directory) =>
        new DerivationAtermReader(text, directory).Read(name);

    /// <summary>Writes the form that hashes are taken of: own outputs blank, inputs replaced by hashes.</summary>
    internal static void Write(
        PooledWriter output, Derivation derivation, StoreDirectory directory, bool masked, List<HashedInput>? inputs)
    {
        output.Write(Start(derivation.InputDerivations.Any(i => !i.Outputs.Dynamic.IsEmpty)));
        var separator = ""u8;
        foreach (var (name, way) in derivation.Outputs)
        {
            output.Write(separator);
            separator = ","u8;
            Output(output, name, OutputFields(way, masked ? "" : PathOf(derivation, directory, name, way)));
        }

        output.Write("],["u8);
        if (inputs is null)
        {
            separator = ""u8;
            foreach (var input in derivation.InputDerivations)
            {
                output.Write(separator);
                separator = ","u8;
                Input(output, directory, input.Path, input.Outputs);
            }
        }
        else
        {
            Inputs(output, CollectionsMarshal.AsSpan(inputs));
        }

        Sources(output, directory, derivation.InputSources.AsSpan());
        Platform(output, derivation.Platform.Span);
        Quoted(output, derivation.Builder.Span);
        output.Write(",["u8);
        separator = ""u8;
        foreach (var argument in derivation.Arguments)
        {
            output.Write(separator);
            separator = ","u8;
            Quoted(output, argument.Span);
        }

        output.Write("],["u8);
        separator = ""u8;
        foreach (var (name, value) in derivation.Environment)
        {
            output.Write(separator);
            separator = ","u8;
            output.Write("("u8);
            Quoted(output, name.Span);
            output.Write(","u8);
            Quoted(output, masked && IsOutput(derivation, name) ? default : value.Span);
            output.Write(")"u8);
        }

        output.Write("])"u8);
    }

    // The parts of the text, of which DerivationDraft makes it as well.
    internal static ReadOnlySpan<byte> Start(bool isDynamic) => isDynamic ? "DrvWithVersion(\"xp-dyn-drv\",["u8 : "Derive(["u8;

    internal static void Output(PooledWriter output, string name, (string Path, string Algorithm, string Hash) fields)
    {
        output.Write("("u8);
        Plain(output, name);
        output.Write(","u8);
        Plain(output, fields.Path);
        output.Write(","u8);
        Plain(output, fields.Algorithm);
        output.Write(","u8);
        Plain(output, fields.Hash);
        output.Write(")"u8);
    }

    internal static void Input(PooledWriter output, StoreDirectory directory, StorePath path, WantedOutputs outputs)
    {
        output.Write("("u8);
        Plain(output, directory, path);
        Wanted(output, outputs);
        output.Write(")"u8);
    }

    internal static void Inputs(PooledWriter output, ReadOnlySpan<HashedInput> inputs)
    {
        var separator = ""u8;
        foreach (var (hash, names) in inputs)
        {
            output.Write(separator);
            separator = ","u8;
            output.Write("(\""u8);
            output.WriteBase16(hash.Bytes);
            output.Write("\","u8);
            PlainList(output, names);
            output.Write(")"u8);
        }
    }

    /// <summary>Ends the inputs; the list of the sources follows.</summary>
    internal static void Sources(PooledWriter output, StoreDirectory directory, ReadOnlySpan<StorePath> sources)
    {
        output.Write("],["u8);
        var separator = ""u8;
        foreach (var source in sources)
        {
            output.Write(separator);
            separator = ","u8;
            Plain(output, directory, source);
        }

        output.Write("],"u8);
    }

    // As upstream does, without escapes, whatever stands in it: a platform with a quote makes a file that nobody can read.
    internal static void Platform(PooledWriter output, ReadOnlySpan<byte> platform)
    {
        output.Write("\""u8);
        output.Write(platform);
        output.Write("\","u8);
    }

    internal static void Plain(PooledWriter output, StoreDirectory directory, StorePath path)
    {
        output.Write("\""u8);
        output.Write(directory.Prefix);
        output.Write(path.Bytes);
        output.Write("\""u8);
    }

    internal static void Quoted(PooledWriter output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        Escaped(output, text);
        output.Write("\""u8);
    }

    /// <summary>Writes what stands between the quotes.</summary>
    internal static void Escaped(PooledWriter output, ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny("\"\\\n\r\t"u8) is >= 0 and var next)
        {
            output.Write(text[..next]);
            output.Write((byte)'\\');
            output.Write(text[next] switch
            {
                (byte)'\n' => (byte)'n',
                (byte)'\r' => (byte)'r',
                (byte)'\t' => (byte)'t',
                var other => other,
            });
            text = text[(next + 1)..];
        }

        output.Write(text);
    }

    /// <summary>Returns the three texts that stand for an output: path, algorithm, hash.</summary>
    public static (string Path, string Algorithm, string Hash) OutputFields(Derivation derivation, StoreDirectory directory, NamedOutput output) =>
        OutputFields(output.Output, PathOf(derivation, directory, output.Name, output.Output));

    /// <summary>Reads the three texts that stand for an output.</summary>
    /// <exception cref="Diagnostics.InvalidFormatException">They are not those of an output.</exception>
    public static DerivationOutput ReadOutput(string path, string algorithm, string hash, StoreDirectory directory) =>
        new DerivationAtermReader([], directory).Output(path, algorithm, hash);

    private static bool IsOutput(Derivation derivation, ByteString name)
    {
        foreach (var output in derivation.Outputs)
        {
            if (output.Name.Length == name.Length && name == ByteString.Of(output.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the three texts that stand for an output whose path is to be <paramref name="path"/>.</summary>
    internal static (string Path, string Algorithm, string Hash) OutputFields(DerivationOutput way, string path) => way switch
    {
        DerivationOutput.InputAddressed => (path, "", ""),
        DerivationOutput.FixedContent content => (path, content.Address.MethodAndAlgorithm, content.Address.Hash.Digest(HashFormat.Base16)),
        DerivationOutput.FloatingContent floating => ("", floating.Method.Prefix() + floating.Algorithm.Name(), ""),
        DerivationOutput.Impure impure => ("", impure.Method.Prefix() + impure.Algorithm.Name(), "impure"),
        _ => ("", "", ""),
    };

    private static string PathOf(Derivation derivation, StoreDirectory directory, string name, DerivationOutput way) =>
        way.FindPath(directory, derivation.Name, name) is { } path ? directory.Absolute(path) : "";

    private static void Wanted(PooledWriter output, WantedOutputs wanted)
    {
        output.Write(","u8);
        if (wanted.Dynamic.IsEmpty)
        {
            PlainList(output, wanted.Names);
            return;
        }

        output.Write("("u8);
        PlainList(output, wanted.Names);
        output.Write(",["u8);
        var separator = ""u8;
        foreach (var inner in wanted.Dynamic)
        {
            output.Write(separator);
            separator = ","u8;
            output.Write("("u8);
            Plain(output, inner.Output);
            Wanted(output, inner.Outputs);
            output.Write(")"u8);
        }

        output.Write("])"u8);
    }

    private static void PlainList(PooledWriter output, ImmutableArray<string> items)
    {
        output.Write("["u8);
        var separator = ""u8;
        foreach (var item in items)
        {
            output.Write(separator);
            separator = ","u8;
            Plain(output, item);
        }

        output.Write("]"u8);
    }

    private static void Plain(PooledWriter output, string text)
    {
        output.Write("\""u8);
        output.Write(text);
        output.Write("\""u8);
    }
}
