using System.Buffers.Binary;
using System.Numerics;

namespace Firn.Model.Hashing;

/// <summary>BLAKE3, unkeyed, 32 bytes; specified in the BLAKE3 paper, section 2.</summary>
internal sealed class Blake3
{
    private const int ChunkSize = 1024;
    private const int BlockSize = 64;
    private const uint ChunkStart = 1;
    private const uint ChunkEnd = 2;
    private const uint Parent = 4;
    private const uint Root = 8;

    private static readonly uint[] _iv =
        [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    private static readonly byte[] _permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

    private readonly Stack<uint[]> _subtrees = new();
    private readonly byte[] _chunk = new byte[ChunkSize];
    private int _filled;
    private ulong _chunks;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_filled == ChunkSize)
            {
                FinishChunk();
            }

            var taken = Math.Min(bytes.Length, ChunkSize - _filled);
            bytes[..taken].CopyTo(_chunk.AsSpan(_filled));
            _filled += taken;
            bytes = bytes[taken..];
        }
    }

    public void Finish(Span<byte> digest)
    {
        if (_subtrees.Count == 0)
        {
            Write(ChunkOutput(Root), digest);
            return;
        }

        var value = ChunkOutput(0);
        while (_subtrees.Count > 0)
        {
            value = Merge(_subtrees.Pop(), value, _subtrees.Count == 0 ? Root : 0);
        }

        Write(value, digest);
    }

    private static void Write(uint[] words, Span<byte> digest)
    {
        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(i * 4)..], words[i]);
        }
    }

    private static uint[] Merge(uint[] left, uint[] right, uint flags) =>
        Compress(_iv, [.. left, .. right], 0, BlockSize, Parent | flags);

    private void FinishChunk()
    {
        var value = ChunkOutput(0);
        _chunks++;
        _filled = 0;

        // One merge for each trailing zero bit of the count: the tree is as full as it can be to the left.
        for (var count = _chunks; (count & 1) == 0; count >>= 1)
        {
            value = Merge(_subtrees.Pop(), value, 0);
        }

        _subtrees.Push(value);
    }

    private uint[] ChunkOutput(uint rootFlag)
    {
        var value = _iv;
        var offset = 0;
        Span<byte> padded = stackalloc byte[BlockSize];
        var words = new uint[16];
        do
        {
            var size = Math.Min(BlockSize, _filled - offset);
            padded.Clear();
            _chunk.AsSpan(offset, size).CopyTo(padded);
            for (var i = 0; i < 16; i++)
            {
                words[i] = BinaryPrimitives.ReadUInt32LittleEndian(padded[(i * 4)..]);
            }

            var isLast = offset + size == _filled;
            var flags = (offset == 0 ? ChunkStart : 0) | (isLast ? ChunkEnd | rootFlag : 0);
            value = Compress(value, words, _chunks, (uint)size, flags);
            offset += size;
        }
        while (offset < _filled);
        return value;
    }

    private static uint[] Compress(uint[] chaining, ReadOnlySpan<uint> block, ulong counter, uint size, uint flags)
    {
        Span<uint> s =
        [
            .. chaining, _iv[0], _iv[1], _iv[2], _iv[3], (uint)counter, (uint)(counter >> 32), size, flags,
        ];
        Span<uint> m = stackalloc uint[16];
        Span<uint> next = stackalloc uint[16];
        block.CopyTo(m);
        for (var round = 0; round < 7; round++)
        {
            Mix(s, 0, 4, 8, 12, m[0], m[1]);
            Mix(s, 1, 5, 9, 13, m[2], m[3]);
            Mix(s, 2, 6, 10, 14, m[4], m[5]);
            Mix(s, 3, 7, 11, 15, m[6], m[7]);
            Mix(s, 0, 5, 10, 15, m[8], m[9]);
            Mix(s, 1, 6, 11, 12, m[10], m[11]);
            Mix(s, 2, 7, 8, 13, m[12], m[13]);
            Mix(s, 3, 4, 9, 14, m[14], m[15]);
            for (var i = 0; i < 16; i++)
            {
                next[i] = m[_permutation[i]];
            }

            next.CopyTo(m);
        }

        var result = new uint[8];
        for (var i = 0; i < 8; i++)
        {
            result[i] = s[i] ^ s[i + 8];
        }

        return result;
    }

    private static void Mix(Span<uint> s, int a, int b, int c, int d, uint x, uint y)
    {
        s[a] += s[b] + x;
        s[d] = BitOperations.RotateRight(s[d] ^ s[a], 16);
        s[c] += s[d];
        s[b] = BitOperations.RotateRight(s[b] ^ s[c], 12);
        s[a] += s[b] + y;
        s[d] = BitOperations.RotateRight(s[d] ^ s[a], 8);
        s[c] += s[d];
        s[b] = BitOperations.RotateRight(s[b] ^ s[c], 7);
    }
}
