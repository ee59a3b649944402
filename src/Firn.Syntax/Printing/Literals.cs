using System.Buffers;

namespace Firn.Syntax.Printing;

/// <summary>How strings and attribute names are written in the language: quoting and escaping, byte by byte.</summary>
public static class Literals
{
    private static readonly SearchValues<byte> _escaped = SearchValues.Create("\"\\\n\r\t$"u8);

    /// <summary>Tells whether <paramref name="word"/> is reserved, so that it must be quoted as an attribute name.</summary>
    /// <remarks><c>or</c> is not: it may name an attribute.</remarks>
    public static bool IsKeyword(ReadOnlySpan<byte> word) => word.Length is >= 2 and <= 7 && word[0] switch
    {
        (byte)'i' => word.SequenceEqual("if"u8) || word.SequenceEqual("in"u8) || word.SequenceEqual("inherit"u8),
        (byte)'t' => word.SequenceEqual("then"u8),
        (byte)'e' => word.SequenceEqual("else"u8),
        (byte)'a' => word.SequenceEqual("assert"u8),
        (byte)'w' => word.SequenceEqual("with"u8),
        (byte)'l' => word.SequenceEqual("let"u8),
        (byte)'r' => word.SequenceEqual("rec"u8),
        _ => false,
    };

    /// <summary>Tells whether <paramref name="name"/> can stand without quotes before <c>=</c> and behind a dot.</summary>
    public static bool IsIdentifier(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || !(IsLetter(name[0]) || name[0] == '_') || IsKeyword(name))
        {
            return false;
        }

        foreach (var b in name)
        {
            if (!IsLetter(b) && b is not ((>= (byte)'0' and <= (byte)'9') or (byte)'_' or (byte)'\'' or (byte)'-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes an attribute name, quoted where it has to be.</summary>
    public static void WriteName(IBufferWriter<byte> output, ReadOnlySpan<byte> name)
    {
        if (IsIdentifier(name))
        {
            output.Write(name);
        }
        else
        {
            WriteString(output, name);
        }
    }

    /// <summary>Writes a string literal: quotes around it, and what would not stand for itself escaped.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        WriteEscaped(output, text);
        output.Write("\""u8);
    }

    /// <summary>Writes what stands between the quotes of a string literal.</summary>
    public static void WriteEscaped(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var plain = text.IndexOfAny(_escaped);
            if (plain < 0)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..plain]);
            var isDollarAlone = text[plain] == '$' && (plain + 1 == text.Length || text[plain + 1] != '{');
            output.Write(text[plain] switch
            {
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                _ => isDollarAlone ? "$"u8 : "\\$"u8,
            });
            text = text[(plain + 1)..];
        }
    }

    private static bool IsLetter(byte b) => (byte)((b | 0x20) - 'a') < 26;
}
