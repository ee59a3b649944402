using System.Runtime.CompilerServices;

namespace Firn.Evaluation.Memory;

/// <summary>Numbers for the objects of the host language that values refer to: code, contexts, paths, builtins.</summary>
internal sealed class ObjectIds
{
    private const int BlockSize = 1024;

    private static readonly Lock _lock = new();
    private static readonly Stack<int> _freeBlocks = new();
    private static object?[][] _table = new object?[64][];
    private static int _blocks = 1;

    private readonly List<int> _own = [];
    private object?[] _block = [];
    private int _next = BlockSize;

    /// <summary>Returns the object of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Get<T>(uint id)
        where T : class => Unsafe.As<T>(_table[id / BlockSize][id % BlockSize]!);

    /// <summary>Puts another object in the place of one that has a number.</summary>
    public static void Replace(uint id, object item) => _table[id / BlockSize][id % BlockSize] = item;

    public uint Add(object item)
    {
        if (_next == BlockSize)
        {
            TakeBlock();
        }

        _block[_next] = item;
        return (uint)((_own[^1] * BlockSize) + _next++);
    }

    /// <summary>Forgets all objects of this instance.</summary>
    public void Release()
    {
        lock (_lock)
        {
            foreach (var block in _own)
            {
                Array.Clear(_table[block]);
                _freeBlocks.Push(block);
            }
        }

        _own.Clear();
        _next = BlockSize;
    }

    private void TakeBlock()
    {
        lock (_lock)
        {
            if (!_freeBlocks.TryPop(out var block))
            {
                block = _blocks++;
                if (block == _table.Length)
                {
                    // Readers may hold on to the old table; the blocks themselves never move.
                    Array.Resize(ref _table, block * 2);
                }

                _table[block] = new object?[BlockSize];
            }

            _own.Add(block);
            _block = _table[block];
            _next = 0;
        }
    }
}
