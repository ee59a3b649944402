using System.Text;

namespace Firn.Syntax.Parsing;

/// <summary>What is said about characters that mean nothing in the language.</summary>
public sealed partial class Parser
{
    private SyntaxException InvalidCharacter(string? expecting)
    {
        var text = _lexer.Text;
        var hint = text switch
        {
            [(byte)'\''] => "Strings are written between double quotes (\"…\") or two apostrophes (''…'').",
            [(byte)'`'] => "Strings are written between double quotes (\"…\") or two apostrophes (''…'').",
            [(byte)'$'] => "A variable is written by its name alone. `${name}` works inside strings, paths and attribute names.",
            [(byte)'%'] => "There is no operator '%'. The remainder of a division is `lib.mod a b`.",
            [(byte)'&'] => "The logical operator is `&&`.",
            [(byte)'|'] => "The logical operator is `||`.",
            [(byte)'^'] => "There is no operator '^'.",
            [(byte)'\\'] => "Functions are written `argument: body`, without a backslash.",
            [(byte)'~'] => "The home directory stands only at the start of a path, `~/file`.",
            _ => InvisibleOrSimilar(text),
        };
        var shown = text[0] is < 0x20 or 0x7f || Rune.DecodeFromUtf8(text, out var rune, out _) != System.Buffers.OperationStatus.Done
            ? $"byte 0x{text[0]:x2}"
            : $"character '{rune}' (U+{rune.Value:X4})";
        var message = "syntax error, unexpected invalid token"
            + (expecting is null ? "" : $", expecting {expecting}") + $": the {shown} has no meaning here";
        return Misfit(SyntaxErrors.InvalidCharacter, message, _lexer.Start, _lexer.End, hint is null ? [] : [hint]);
    }

    private static string? InvisibleOrSimilar(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text) switch
    {
        "\uFEFF" => "The file starts with a byte order mark. Save it as UTF-8 without one.",
        "\u00A0" or "\u202F" or "\u2007" => "This is a no-break space, which only looks like a space.",
        "\u200B" or "\u200C" or "\u200D" or "\u2060" => "This character is invisible; delete it.",
        "“" or "”" or "„" or "«" or "»" => "Strings are written between straight double quotes, \".",
        "‘" or "’" or "′" => "An indented string is written between two straight apostrophes, ''.",
        "–" or "—" or "−" => "The minus sign is '-'.",
        "…" => "The ellipsis is three dots, `...`.",
        "\f" or "\v" => "Only spaces, tabs and line ends separate words.",
        _ => null,
    };
}
