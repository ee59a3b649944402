using System.Runtime.CompilerServices;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Memory;

/// <summary>Hands out memory for the values of one evaluation; all of it is given back at once.</summary>
/// <remarks>Used by one thread at a time. Memory is always zeros, which is an empty <see cref="Slot"/>.</remarks>
internal sealed unsafe class Heap : IDisposable
{
    private const int FirstChunk = 1 << 18;
    private const int LargestChunk = 1 << 23;

    [ThreadStatic]
    private static Heap? _current;

    private readonly List<(long Start, long Length)> _chunks = [];
    private readonly ObjectIds _objects = new();
    private readonly Dictionary<string, uint> _paths = new(StringComparer.Ordinal);
    private Slot* _top;
    private Slot* _end;

    ~Heap() => Release();

    /// <summary>The heap of the evaluation that this thread runs.</summary>
    public static Heap Current
    {
        get => _current ??= new Heap();
        set => _current = value;
    }

    /// <summary>Returns memory for <paramref name="words"/> slots, all empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Slot* Allocate(int words)
    {
        var start = _top;
        var next = start + words;
        if (next > _end)
        {
            return AllocateInNewChunk(words);
        }

        _top = next;
        return start;
    }

    /// <summary>How many bytes hold slots; what the ends of chunks are too small for counts along.</summary>
    public long UsedBytes => _chunks.Sum(c => c.Length) - ((byte*)_end - (byte*)_top);

    /// <summary>Gives an object of the host language a number that values can hold.</summary>
    public uint Register(object item) => _objects.Add(item);

    /// <summary>Returns the number of a path; a path has one number.</summary>
    public uint PathId(string path)
    {
        if (!_paths.TryGetValue(path, out var id))
        {
            _paths[path] = id = Register(path);
        }

        return id;
    }

    /// <summary>Gives all memory back; no value of this heap may be used afterwards.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private Slot* AllocateInNewChunk(int words)
    {
        var needed = (long)words * sizeof(Slot);
        var usual = Math.Min((long)FirstChunk << Math.Min(_chunks.Count, 8), LargestChunk);
        var chunk = AddressSpace.Take(Math.Max(needed, usual));
        _chunks.Add(chunk);

        // What is left of the old chunk is lost, unless the new one is for one large thing only.
        var start = (Slot*)chunk.Start;
        if (needed < usual || _end - _top < 64)
        {
            _top = start + words;
            _end = (Slot*)(chunk.Start + chunk.Length);
        }

        return start;
    }

    private void Release()
    {
        foreach (var chunk in _chunks)
        {
            AddressSpace.Return(chunk);
        }

        _chunks.Clear();
        _top = _end = null;
        _objects.Release();
    }
}
