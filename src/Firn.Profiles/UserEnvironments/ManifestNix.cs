using System.Buffers;
using System.Globalization;
using System.Text;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Profiles.UserEnvironments;

/// <summary>Writes <c>manifest.nix</c>, the Nix expression in which a user environment remembers its packages.</summary>
/// <remarks>Its bytes enter the environment's store path, so spaces and order are those that C++ Nix writes.</remarks>
public static class ManifestNix
{
    /// <summary>Returns the expression: a list of sets that look like derivations.</summary>
    public static byte[] Write(IEnumerable<UserEnvironmentElement> elements, StoreDirectory directory)
    {
        var list = new MetaValue.List([.. elements.Select(e => ToValue(e, directory))]);
        var text = new ArrayBufferWriter<byte>(4096);
        Write(text, list);
        return text.WrittenSpan.ToArray();
    }

    private static MetaValue ToValue(UserEnvironmentElement element, StoreDirectory directory)
    {
        var attributes = new SortedDictionary<string, MetaValue>(Utf8Order.Comparer)
        {
            ["type"] = Text("derivation"),
            ["name"] = Text(element.Name),
            ["outPath"] = Text(directory.Absolute(element.OutPath)),
            ["outputs"] = new MetaValue.List([.. element.Outputs.Select(o => Text(o.Name))]),
            ["meta"] = new MetaValue.Set(element.Meta),
        };
        if (element.System.Length > 0)
        {
            attributes["system"] = Text(element.System);
        }

        if (element.Derivation is { } derivation)
        {
            attributes["drvPath"] = Text(directory.Absolute(derivation));
        }

        foreach (var output in element.Outputs)
        {
            attributes[output.Name] = new MetaValue.Set([new("outPath", Text(directory.Absolute(output.Path)))]);
        }

        return new MetaValue.Set([.. attributes.Select(a => new MetaAttribute(a.Key, a.Value))]);
    }

    private static MetaValue.Text Text(string text) => new(ByteString.Of(text));

    private static void Write(ArrayBufferWriter<byte> text, MetaValue value)
    {
        switch (value)
        {
            case MetaValue.Text quoted:
                WriteQuoted(text, quoted.Value.Span);
                break;
            case MetaValue.Integer integer:
                Write(text, integer.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case MetaValue.Number number:
                Write(text, Readable(number.Value));
                break;
            case MetaValue.Flag flag:
                Write(text, flag.Value ? "true" : "false");
                break;
            case MetaValue.List list:
                text.Write("[ "u8);
                foreach (var item in list.Items)
                {
                    Write(text, item);
                    text.Write(" "u8);
                }

                text.Write("]"u8);
                break;
            case MetaValue.Set set:
                text.Write("{ "u8);
                foreach (var (name, item) in set.Attributes)
                {
                    WriteName(text, name);
                    text.Write(" = "u8);
                    Write(text, item);
                    text.Write("; "u8);
                }

                text.Write("}"u8);
                break;
        }
    }

    /// <summary>Writes a name as it is; C++ Nix does so with every name, and cannot read some of them back.</summary>
    private static void WriteName(ArrayBufferWriter<byte> text, string name)
    {
        if (IsIdentifier(name))
        {
            Write(text, name);
        }
        else
        {
            WriteQuoted(text, Encoding.UTF8.GetBytes(name));
        }
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '\'' or '-')
        && name is not ("if" or "then" or "else" or "assert" or "with" or "let" or "in" or "rec" or "inherit" or "or");

    private static void WriteQuoted(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> bytes)
    {
        text.Write("\""u8);
        for (var i = 0; i < bytes.Length; i++)
        {
            var isAntiquotation = bytes[i] == '$' && i + 1 < bytes.Length && bytes[i + 1] == '{';
            text.Write(bytes[i] switch
            {
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                (byte)'$' when isAntiquotation => "\\$"u8,
                _ => bytes.Slice(i, 1),
            });
        }

        text.Write("\""u8);
    }

    /// <summary>Writes a number as C++ Nix does, but so that it can be read back.</summary>
    private static string Readable(double value)
    {
        // C++ writes 1e-10, which the language takes for the integer 1 applied to e-10.
        var text = FloatText.Shown(value);
        var mark = text.IndexOf('e');
        return mark > 0 && !text.Contains('.') ? $"{text[..mark]}.0{text[mark..]}" : text;
    }

    private static void Write(ArrayBufferWriter<byte> text, string value) => text.Write(Encoding.UTF8.GetBytes(value));
}
