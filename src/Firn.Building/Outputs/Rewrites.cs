using System.Buffers;
using System.Text;
using Firn.Model.Text;

namespace Firn.Building.Outputs;

/// <summary>Texts that are replaced by others, in the order of their bytes.</summary>
public sealed class Rewrites
{
    private readonly SortedDictionary<ByteString, ByteString> _items = [];

    public bool IsEmpty => _items.Count == 0;

    /// <summary>Returns what stands for a text, or null.</summary>
    internal ByteString? Find(string from) => _items.TryGetValue(ByteString.Of(from), out var to) ? to : null;

    internal IEnumerable<KeyValuePair<string, string>> Items => _items.Select(i => KeyValuePair.Create(i.Key.ToString(), i.Value.ToString()));

    /// <summary>Has <paramref name="from"/> replaced by <paramref name="to"/>; equal texts replace nothing.</summary>
    public void Set(string from, string to)
    {
        if (from != to)
        {
            _items[ByteString.Of(from)] = ByteString.Of(to);
        }
    }

    /// <summary>Returns <paramref name="text"/> with everything replaced.</summary>
    public ByteString Apply(ByteString text)
    {
        foreach (var (from, to) in _items)
        {
            if (text.Span.IndexOf(from.Span) >= 0)
            {
                text = Replace(text.Span, from.Span, to.Span);
            }
        }

        return text;
    }

    /// <summary>Returns <paramref name="text"/> with everything replaced.</summary>
    public string Apply(string text) => IsEmpty ? text : Encoding.UTF8.GetString(Apply(ByteString.Of(text)).Span);

    private static ByteString Replace(ReadOnlySpan<byte> text, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        var result = new ArrayBufferWriter<byte>(text.Length);
        while (text.IndexOf(from) is >= 0 and var at)
        {
            result.Write(text[..at]);
            result.Write(to);
            text = text[(at + from.Length)..];
        }

        result.Write(text);
        return new ByteString(result.WrittenSpan.ToArray());
    }
}
