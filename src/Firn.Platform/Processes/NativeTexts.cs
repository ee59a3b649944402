using System.Runtime.InteropServices;
using Firn.Model.Text;

namespace Firn.Platform.Processes;

/// <summary>Memory outside the heap that is freed together.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private readonly List<nint> _blocks = [];

    public byte* Zeroed(nuint size)
    {
        var block = (byte*)NativeMemory.AllocZeroed(size);
        _blocks.Add((nint)block);
        return block;
    }

    public byte* Text(ByteString text)
    {
        var block = Zeroed((nuint)text.Length + 1);
        text.Span.CopyTo(new Span<byte>(block, text.Length));
        return block;
    }

    public byte** List(ReadOnlySpan<ByteString> items)
    {
        var list = (byte**)Zeroed((nuint)((items.Length + 1) * sizeof(byte*)));
        for (var i = 0; i < items.Length; i++)
        {
            list[i] = Text(items[i]);
        }

        return list;
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }
    }
}
