using System.Text;
using Firn.Evaluation.Contexts;

namespace Firn.Evaluation.Values;

/// <summary>Bytes, and the store objects that they mention.</summary>
/// <remarks>A sum of long strings is put together when its bytes are first asked for, so adding in a loop is not quadratic.</remarks>
public sealed class NixString : Value
{
    private object _content;

    public NixString(byte[] bytes, StringContext? context = null) => (_content, Context) = (bytes, context);

    private NixString(Rope rope, StringContext? context) => (_content, Context) = (rope, context);

    public static NixString Empty { get; } = new([]);

    /// <summary>The bytes; not to be changed.</summary>
    public byte[] Bytes => _content as byte[] ?? Flatten();

    /// <summary>What the string depends on; null when nothing.</summary>
    public StringContext? Context { get; }

    public int Length => _content is byte[] bytes ? bytes.Length : ((Rope)_content).Length;

    public override string TypeName => "string";

    public override string Description => "a string";

    public static NixString Of(string text, StringContext? context = null) => new(Encoding.UTF8.GetBytes(text), context);

    /// <summary>Returns <paramref name="left"/> followed by <paramref name="right"/>, with the contexts of both.</summary>
    public static NixString Concat(NixString left, NixString right)
    {
        var context = StringContext.Union(left.Context, right.Context);
        var length = left.Length + right.Length;
        if (length >= Rope.MinLength)
        {
            return new(new Rope(left, right, length), context);
        }

        var bytes = new byte[length];
        left.Bytes.CopyTo(bytes, 0);
        right.Bytes.CopyTo(bytes, left.Length);
        return new(bytes, context);
    }

    /// <summary>Returns the text for a reader; bytes that are not UTF-8 are replaced.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    private byte[] Flatten()
    {
        var rope = (Rope)_content;
        var bytes = new byte[rope.Length];
        var end = bytes.Length;
        var pending = new Stack<NixString>();
        pending.Push(this);

        // From the right, since sums in loops lean to the left: the stack stays small.
        while (pending.TryPop(out var part))
        {
            if (part._content is byte[] flat)
            {
                end -= flat.Length;
                flat.CopyTo(bytes, end);
            }
            else
            {
                var inner = (Rope)part._content;
                pending.Push(inner.Left);
                pending.Push(inner.Right);
            }
        }

        _content = bytes;
        return bytes;
    }

    private sealed record Rope(NixString Left, NixString Right, int Length)
    {
        /// <summary>Below this length copying is cheaper than remembering.</summary>
        public const int MinLength = 1024;
    }
}
