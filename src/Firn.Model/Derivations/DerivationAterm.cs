using System.Buffers;
using System.Text;
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
        IBufferWriter<byte> output, Derivation derivation, StoreDirectory directory, bool masked,
        IReadOnlyList<(string Digest, IReadOnlyList<string> Outputs)>? inputs)
    {
        var dynamic = derivation.InputDerivations.Any(i => !i.Outputs.Dynamic.IsEmpty);
        output.Write(dynamic ? "DrvWithVersion(\"xp-dyn-drv\",["u8 : "Derive(["u8);
        var separator = ""u8;
        foreach (var (name, way) in derivation.Outputs)
        {
            output.Write(separator);
            separator = ","u8;
            output.Write("("u8);
            Plain(output, name);
            var (path, algorithm, hash) = OutputFields(derivation, directory, name, way, masked);
            foreach (var field in (ReadOnlySpan<string>)[path, algorithm, hash])
            {
                output.Write(","u8);
                Plain(output, field);
            }

            output.Write(")"u8);
        }

        output.Write("],["u8);
        separator = ""u8;
        if (inputs is null)
        {
            foreach (var input in derivation.InputDerivations)
            {
                output.Write(separator);
                separator = ","u8;
                output.Write("("u8);
                Plain(output, directory.Absolute(input.Path));
                Wanted(output, input.Outputs);
                output.Write(")"u8);
            }
        }
        else
        {
            foreach (var (hash, names) in inputs)
            {
                output.Write(separator);
                separator = ","u8;
                output.Write("("u8);
                Plain(output, hash);
                output.Write(","u8);
                PlainList(output, names);
                output.Write(")"u8);
            }
        }

        output.Write("],"u8);
        PlainList(output, derivation.InputSources.Select(directory.Absolute));
        output.Write(","u8);
        // As upstream does, without escapes, whatever stands in it: a platform with a quote makes a file that nobody can read.
        output.Write("\""u8);
        output.Write(derivation.Platform.Span);
        output.Write("\""u8);
        output.Write(","u8);
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

    /// <summary>Returns the three texts that stand for an output: path, algorithm, hash.</summary>
    public static (string Path, string Algorithm, string Hash) OutputFields(Derivation derivation, StoreDirectory directory, NamedOutput output) =>
        OutputFields(derivation, directory, output.Name, output.Output, masked: false);

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

    private static (string Path, string Algorithm, string Hash) OutputFields(
        Derivation derivation, StoreDirectory directory, string name, DerivationOutput way, bool masked) => way switch
        {
            DerivationOutput.InputAddressed known => (masked ? "" : directory.Absolute(known.Path), "", ""),
            DerivationOutput.FixedContent content => (
                masked ? "" : directory.Absolute(content.FindPath(directory, derivation.Name, name)!),
                content.Address.MethodAndAlgorithm, content.Address.Hash.Digest(HashFormat.Base16)),
            DerivationOutput.FloatingContent floating => ("", floating.Method.Prefix() + floating.Algorithm.Name(), ""),
            DerivationOutput.Impure impure => ("", impure.Method.Prefix() + impure.Algorithm.Name(), "impure"),
            _ => ("", "", ""),
        };

    private static void Wanted(IBufferWriter<byte> output, WantedOutputs wanted)
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

    private static void PlainList(IBufferWriter<byte> output, IEnumerable<string> items)
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

    private static void Plain(IBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    private static void Quoted(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        while (text.IndexOfAny("\"\\\n\r\t"u8) is >= 0 and var next)
        {
            output.Write(text[..next]);
            output.Write(text[next] switch
            {
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                (byte)'"' => "\\\""u8,
                _ => "\\\\"u8,
            });
            text = text[(next + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }
}
