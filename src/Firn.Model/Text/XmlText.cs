using System.Buffers;
using System.Text;

namespace Firn.Model.Text;

/// <summary>An attribute of an element: its name, and its value before escaping.</summary>
public readonly record struct XmlAttribute(string Name, ReadOnlyMemory<byte> Value)
{
    public XmlAttribute(string name, string value)
        : this(name, Encoding.UTF8.GetBytes(value))
    {
    }
}

/// <summary>
/// Writes XML exactly as C++ Nix writes it: an element a line, indented by two, attributes by name.
/// </summary>
public sealed class XmlText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\"<>&\n"u8);

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Stack<string> _open = new();

    public XmlText() => _output.Write("<?xml version='1.0' encoding='utf-8'?>\n"u8);

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    public void Open(string element, params ReadOnlySpan<XmlAttribute> attributes)
    {
        Start(element, attributes);
        _output.Write(">\n"u8);
        _open.Push(element);
    }

    public void Close()
    {
        var element = _open.Pop();
        Indent();
        _output.Write("</"u8);
        Encoding.UTF8.GetBytes(element, _output);
        _output.Write(">\n"u8);
    }

    public void Empty(string element, params ReadOnlySpan<XmlAttribute> attributes)
    {
        Start(element, attributes);
        _output.Write(" />\n"u8);
    }

    private void Start(string element, ReadOnlySpan<XmlAttribute> attributes)
    {
        Indent();
        _output.Write("<"u8);
        Encoding.UTF8.GetBytes(element, _output);
        if (attributes.Length == 1)
        {
            Write(attributes[0]);
        }
        else if (attributes.Length > 1)
        {
            var sorted = attributes.ToArray();
            Array.Sort(sorted, (left, right) => string.CompareOrdinal(left.Name, right.Name));
            foreach (var attribute in sorted)
            {
                Write(attribute);
            }
        }
    }

    private void Indent()
    {
        _output.GetSpan(Math.Max(1, 2 * _open.Count))[..(2 * _open.Count)].Fill((byte)' ');
        _output.Advance(2 * _open.Count);
    }

    private void Write(XmlAttribute attribute)
    {
        _output.Write(" "u8);
        Encoding.UTF8.GetBytes(attribute.Name, _output);
        _output.Write("=\""u8);
        var value = attribute.Value.Span;
        for (var next = value.IndexOfAny(Escaped); next >= 0; next = value.IndexOfAny(Escaped))
        {
            _output.Write(value[..next]);
            _output.Write(value[next] switch
            {
                (byte)'"' => "&quot;"u8,
                (byte)'<' => "&lt;"u8,
                (byte)'>' => "&gt;"u8,
                (byte)'&' => "&amp;"u8,

                // A line break as such would be read back as a space (XML, section 3.3.3).
                _ => "&#xA;"u8,
            });
            value = value[(next + 1)..];
        }

        _output.Write(value);
        _output.Write("\""u8);
    }
}
