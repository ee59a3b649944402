using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Memory;

/// <summary>Hands out memory for the values of one evaluation; all of it is given back at once.</summary>
/// <remarks>
/// Used by one thread at a time: each that evaluates has a branch of its own. Memory is always zeros, which is an empty
/// <see cref="Slot"/>.
/// </remarks>
internal sealed unsafe class Heap : IDisposable
{
    private const int FirstChunk = 1 << 18;
    private const int LargestChunk = 1 << 23;

    [ThreadStatic]
    private static Heap? _current;

    private readonly List<(long Start, long Length)> _chunks = [];
    private readonly ObjectIds _objects = new();
    private readonly ConcurrentDictionary<string, uint> _paths;
    private readonly List<Heap> _branches = [];
    private Slot* _top;
    private Slot* _end;
    private Slot* _otherTop;
    private Slot* _otherEnd;
    private bool _isClosed;

    public Heap()
        : this(new(StringComparer.Ordinal))
    {
    }

    private Heap(ConcurrentDictionary<string, uint> paths) => _paths = paths;

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
    public long UsedBytes =>
        _chunks.Sum(c => c.Length) - ((byte*)_end - (byte*)_top) - ((byte*)_otherEnd - (byte*)_otherTop) + _branches.Sum(b => b.UsedBytes);

    /// <summary>Goes on handing out memory from <see cref="AddressSpace.ClosedStart"/> on, or again before it.</summary>
    public void Switch()
    {
        var (top, end) = ((nint)_top, (nint)_end);
        _top = _otherTop;
        _end = _otherEnd;
        _otherTop = (Slot*)top;
        _otherEnd = (Slot*)end;
        _isClosed = !_isClosed;
    }

    /// <summary>Returns a heap for another thread of the same evaluation, which lives as long as this one.</summary>
    public Heap Branch()
    {
        var branch = new Heap(_paths);
        _branches.Add(branch);
        return branch;
    }

    /// <summary>Gives an object of the host language a number that values can hold.</summary>
    public uint Register(object item) => _objects.Add(item);

    /// <summary>Returns the number of a path; a path has one number.</summary>
    public uint PathId(string path) => _paths.TryGetValue(path, out var id) ? id : _paths.GetOrAdd(path, Register(path));

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
        var chunk = AddressSpace.Take(Math.Max(needed, usual), _isClosed);
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

        foreach (var branch in _branches)
        {
            branch.Dispose();
        }

        _branches.Clear();
        _chunks.Clear();
        _top = _end = _otherTop = _otherEnd = null;
        _objects.Release();
    }
}
