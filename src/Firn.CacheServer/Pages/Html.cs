using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Firn.CacheServer.Pages;

/// <summary>Text of a page in which everything is escaped that was not written as HTML in this program.</summary>
public readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Empty { get; } = new("");

    /// <summary>Writes HTML; what stands in braces is escaped, unless it is HTML itself.</summary>
    public static Html Of(Interpolation text) => new(text.ToString());

    /// <summary>Puts pieces behind each other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces));

    public override string ToString() => _text ?? "";

    /// <summary>Takes the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly struct Interpolation(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 32));

        public void AppendLiteral(string value) => _text.Append(value);

        public void AppendFormatted(Html value) => _text.Append(value.ToString());

        public void AppendFormatted(string? value) => _text.Append(HtmlEncoder.Default.Encode(value ?? ""));

        public void AppendFormatted(long value) => _text.Append(value);

        public override string ToString() => _text.ToString();
    }
}
