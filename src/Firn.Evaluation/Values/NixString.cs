using System.Text;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>Bytes, and the store objects that they mention.</summary>
/// <remarks>
/// In memory: a word with the length and the number of the context, then the bytes. A sum of long strings is such a word,
/// the two strings and a place for the bytes, which are put together when they are first asked for, so adding in a loop is
/// not quadratic.
/// </remarks>
public readonly unsafe struct NixString
{
    /// <summary>Below this length copying is cheaper than remembering.</summary>
    private const int MinSumLength = 1024;
    private const uint IsSum = 1;

    // Before the word with the length stands the number of the symbol.
    private const uint IsName = 2;

    internal readonly ulong Bits;

    internal NixString(ulong bits) => Bits = bits;

    public NixString(ReadOnlySpan<byte> bytes, StringContext? context = null)
    {
        if (bytes.Length == 0 && context is null)
        {
            Bits = (ulong)Kind.String;
            return;
        }

        Bits = Make(bytes.Length, context, out var target).Bits;
        bytes.CopyTo(target);
    }

    public static NixString Empty => new((ulong)Kind.String);

    /// <summary>The bytes; not to be changed.</summary>
    public ReadOnlySpan<byte> Bytes => new(IsFlat ? First + 1 : Flatten(), Length);

    /// <summary>What the string depends on; null when nothing.</summary>
    public StringContext? Context => First->Bits >> 32 is > 0 and var id ? ObjectIds.Get<StringContext>((uint)id) : null;

    public int Length => (int)(uint)First->Bits;

    /// <summary>The number of the symbol with these bytes, where it is known without looking for it.</summary>
    internal int? SymbolId => (uint)Bits >> 5 == IsName ? (int)First[-1].Bits : null;

    internal uint Handle => (uint)(Bits >> 32);

    private Slot* First => Value.At(Handle);

    private bool IsFlat => ((uint)Bits >> 5) != IsSum;

    public static NixString Of(string text, StringContext? context = null)
    {
        var bytes = Make(Encoding.UTF8.GetByteCount(text), context, out var target);
        Encoding.UTF8.GetBytes(text, target);
        return bytes;
    }

    /// <summary>Returns a string of <paramref name="length"/> bytes that the caller writes to <paramref name="target"/> at once.</summary>
    internal static NixString Make(int length, StringContext? context, out Span<byte> target)
    {
        var block = Heap.Current.Allocate(1 + ((length + 7) / 8));
        block->Bits = (uint)length | ((ulong)(context?.Id ?? 0) << 32);
        target = new Span<byte>(block + 1, length);
        return new NixString(new Value(Kind.String, 0, Value.HandleOf(block)).Bits);
    }

    /// <summary>Returns a symbol as a string that knows it: what lists names mostly goes on to look them up.</summary>
    internal static NixString Of(Syntax.Text.Symbol symbol)
    {
        var bytes = symbol.Bytes;
        var block = Heap.Current.Allocate(2 + ((bytes.Length + 7) / 8));
        block->Bits = (uint)symbol.Id;
        block[1].Bits = (uint)bytes.Length;
        bytes.CopyTo(new Span<byte>(block + 2, bytes.Length));
        return new NixString(new Value(Kind.String, IsName, Value.HandleOf(block + 1)).Bits);
    }

    /// <summary>Returns <paramref name="left"/> followed by <paramref name="right"/>, with the contexts of both.</summary>
    public static NixString Concat(NixString left, NixString right)
    {
        var context = StringContext.Union(left.Context, right.Context);
        var length = left.Length + right.Length;
        if (length >= MinSumLength)
        {
            var block = Heap.Current.Allocate(4);
            block->Bits = (uint)length | ((ulong)(context?.Id ?? 0) << 32);
            block[1].Bits = left.Bits;
            block[2].Bits = right.Bits;
            return new NixString(new Value(Kind.String, IsSum, Value.HandleOf(block)).Bits);
        }

        var result = Make(length, context, out var target);
        left.Bytes.CopyTo(target);
        right.Bytes.CopyTo(target[left.Length..]);
        return result;
    }

    /// <summary>Returns the text for a reader; bytes that are not UTF-8 are replaced.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    private Slot* Flatten()
    {
        var sum = First;
        if (sum[3].Bits is > 0 and var known)
        {
            return Value.At((uint)known) + 1;
        }

        var flat = Make(Length, null, out var bytes);
        var end = bytes.Length;
        var pending = new Stack<NixString>();
        pending.Push(this);

        // From the right, since sums in loops lean to the left: the stack stays small.
        while (pending.TryPop(out var part))
        {
            if (part.IsFlat || !part.First[3].IsEmpty)
            {
                end -= part.Length;
                part.Bytes.CopyTo(bytes[end..]);
            }
            else
            {
                pending.Push(new NixString(part.First[1].Bits));
                pending.Push(new NixString(part.First[2].Bits));
            }
        }

        // One word, which another thread sees as a whole.
        Volatile.Write(ref sum[3].Bits, flat.Handle);
        return flat.First + 1;
    }
}
