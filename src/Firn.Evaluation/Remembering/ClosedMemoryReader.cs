using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Remembering;

/// <summary>Makes values of what <see cref="ClosedMemoryWriter"/> wrote; what was not known then is computed.</summary>
internal sealed unsafe class ClosedMemoryReader
{
    private readonly ReadOnlyMemory<byte> _content;
    private readonly byte[][] _names;
    private readonly int[][] _shapes;
    private readonly StringContext[] _contexts;
    private readonly (StorePath, HashModulo)[] _hashes;
    private readonly int[] _nodes;
    private readonly (Shape Shape, int[] Order)?[] _ordered;
    private readonly ConcurrentDictionary<uint, (int Node, Value Original)> _sets = [];
    private readonly SetCode _set;
    private readonly ListCode _list;
    private readonly OriginalCode _original = new();

    /// <param name="content">What was written; whole and unchanged.</param>
    public ClosedMemoryReader(ReadOnlyMemory<byte> content)
    {
        _content = content;
        using var reader = At(BinaryPrimitives.ReadInt32LittleEndian(content.Span[^sizeof(int)..]));
        _names = ReadAll(reader, ReadBytes);
        _shapes = ReadAll(reader, r => ReadAll(r, Number));
        _contexts = ReadAll(reader, r => StringContext.Of(ReadAll(r, ReadElement))!);
        _hashes = ReadAll(reader, ReadHash);
        Root = Number(reader);
        _nodes = ReadAll(reader, Number);
        _ordered = new (Shape, int[])?[_shapes.Length];
        (_set, _list) = (new SetCode(this), new ListCode(this));
    }

    /// <summary>The attributes of the call's result.</summary>
    public int Root { get; }

    /// <summary>The attributes of a scope that are remembered.</summary>
    public IReadOnlyList<ScopeMember> Scope(int node, SymbolTable symbols)
    {
        using var reader = Open(node);
        return ReadMany(reader, Number(reader), r => new ScopeMember(symbols.Intern(_names[Number(r)]), Number(r), Number(r)));
    }

    /// <summary>Of a package: the attributes that say where it is, and its outputs; nothing of other values.</summary>
    public IEnumerable<ScopeMember> PathsOf(int node, bool withOutputs, SymbolTable symbols)
    {
        if (Tag(node) != NodeTag.Set)
        {
            return [];
        }

        using var reader = Open(node);
        var names = _shapes[Number(reader)];
        var values = ReadMany(reader, names.Length, Number);
        return from i in Enumerable.Range(0, names.Length)
               where values[i] != 0 && (Tag(values[i]) == NodeTag.String ? HasContext(values[i]) : withOutputs && IsPackage(values[i]))
               select new ScopeMember(symbols.Intern(_names[names[i]]), values[i], 0);
    }

    private bool HasContext(int text)
    {
        using var reader = Open(text);
        return Number(reader) != 0;
    }

    private bool IsPackage(int node)
    {
        if (Tag(node) != NodeTag.Set)
        {
            return false;
        }

        using var reader = Open(node);
        return Array.Exists(_shapes[Number(reader)], name => _names[name].AsSpan().SequenceEqual("outPath"u8));
    }

    /// <summary>Adds the hashes of the derivations that values name.</summary>
    public void AddHashes(Evaluator eval)
    {
        foreach (var (path, hash) in _hashes)
        {
            eval.Derivations.Add(path, hash);
        }
    }

    /// <summary>Returns the value of a node; <paramref name="original"/> is what it would be computed from.</summary>
    public Value Make(Evaluator eval, int node, Value original)
    {
        using var reader = Open(node);
        switch (Tag(node))
        {
            case NodeTag.Null:
                return NixNull.Instance;
            case NodeTag.False:
                return NixBool.False;
            case NodeTag.True:
                return NixBool.True;
            case NodeTag.Integer:
                return NixInt.Of(reader.ReadInt64());
            case NodeTag.Float:
                return NixFloat.Of(reader.ReadDouble());
            case NodeTag.Path:
                return NixPath.Of(Encoding.UTF8.GetString(ReadBytes(reader)));
            case NodeTag.String:
                var context = Number(reader);
                var bytes = ReadBytes(reader);
                var text = NixString.Make(bytes.Length, context == 0 ? null : _contexts[context - 1], out var target);
                bytes.CopyTo(target);
                return text;
            case NodeTag.List:
                return _list.Make(eval, node, Number(reader), original);
            default:
                var (shape, _) = Ordered(Number(reader), eval.Symbols);
                var set = _set.Make(eval, node, shape, original);
                _sets[set.Handle] = (node, original);
                return set;
        }
    }

    /// <summary>Returns what a set would be computed from that was made here; null for others.</summary>
    public Value? FindOriginal(Values.AttributeSet set) => _sets.TryGetValue(set.Handle, out var made) ? made.Original : null;

    /// <summary>Returns the node that a set was made from; 0 when it was not made here.</summary>
    public int FindNode(Values.AttributeSet set) => _sets.TryGetValue(set.Handle, out var made) ? made.Node : 0;

    /// <summary>Writes a node of this memory into another.</summary>
    public void Copy(int node, ClosedMemoryWriter target, SymbolTable symbols)
    {
        using var reader = Open(node);
        switch (Tag(node))
        {
            case NodeTag.List:
                target.List(ReadMany(reader, Number(reader), r => target.Copied(this, Number(r))));
                break;
            case NodeTag.Set:
                // Below zero, where no handle of a shape is.
                var shape = Number(reader);
                target.Set(
                    -1 - shape, () => _shapes[shape].Select(i => symbols.Intern(_names[i])),
                    ReadMany(reader, _shapes[shape].Length, r => target.Copied(this, Number(r))));
                break;
            case NodeTag.Scope:
                target.Scope([.. Scope(node, symbols).Select(m => m with { Node = target.Copied(this, m.Node), Inside = target.Copied(this, m.Inside) })]);
                break;
            case NodeTag.String:
                var context = Number(reader);
                target.Text(ReadBytes(reader), context == 0 ? null : _contexts[context - 1]);
                break;
            case NodeTag.Path:
                target.Path(ReadBytes(reader));
                break;
            default:
                target.Raw(_content.Span.Slice(_nodes[node], Tag(node) is NodeTag.Integer or NodeTag.Float ? 1 + sizeof(long) : 1));
                break;
        }
    }

    private NodeTag Tag(int node) => (NodeTag)_content.Span[_nodes[node]];

    private BinaryReader Open(int node) => At(_nodes[node] + 1);

    private BinaryReader At(int position) => MemoryMarshal.TryGetArray(_content, out var array)
        ? new(new MemoryStream(array.Array!, array.Offset + position, array.Count - position), Encoding.UTF8)
        : throw new ArgumentException("content is memory of an array");

    private static int Number(BinaryReader reader) => reader.Read7BitEncodedInt();

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(Number(reader));

    private static T[] ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read) => ReadMany(reader, Number(reader), read);

    private static T[] ReadMany<T>(BinaryReader reader, int count, Func<BinaryReader, T> read)
    {
        var items = new T[count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read(reader);
        }

        return items;
    }

    private static ContextElement ReadElement(BinaryReader reader)
    {
        var kind = reader.ReadByte();
        var path = StorePath.Parse(reader.ReadString());
        return kind switch
        {
            0 => new ContextElement.Opaque(path),
            1 => new ContextElement.DerivationClosure(path),
            _ => new ContextElement.Output(path, reader.ReadString(), [.. ReadAll(reader, r => r.ReadString())]),
        };
    }

    private static (StorePath, HashModulo) ReadHash(BinaryReader reader)
    {
        var path = StorePath.Parse(reader.ReadString());
        return (path, reader.ReadByte() switch
        {
            0 => new HashModulo.Fixed([.. ReadAll(reader, r => (r.ReadString(), Digest(r)))]),
            var kind => new HashModulo.Whole(Digest(reader), IsDeferred: kind == 2),
        });

        static Hash Digest(BinaryReader reader)
        {
            var algorithm = (HashAlgorithm)reader.ReadByte();
            return new Hash(algorithm, ReadBytes(reader));
        }
    }

    // A shape has its names in an order of its own in each evaluation; two threads may find it out at the same time.
    private (Shape Shape, int[] Order) Ordered(int shape, SymbolTable symbols)
    {
        if (_ordered[shape] is { } known)
        {
            return known;
        }

        var ids = Array.ConvertAll(_shapes[shape], i => symbols.Intern(_names[i]).Id);
        var order = new int[ids.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(ids, order);
        lock (_ordered)
        {
            return _ordered[shape] ??= (Shape.Make(ids, new int[ids.Length]), order);
        }
    }

    private int ChildOfSet(int node, int place)
    {
        using var reader = Open(node);
        var shape = Number(reader);
        var wanted = _ordered[shape]!.Value.Order[place];
        return Child(reader, wanted);
    }

    private static int Child(BinaryReader reader, int place)
    {
        for (; place > 0; place--)
        {
            _ = Number(reader);
        }

        return Number(reader);
    }

    // One node met in two places gives two values, each computed from where it was met: from elsewhere it might need itself.
    private Value MakeInside(Evaluator eval, int node, Value of, long place) =>
        Make(eval, node, Tag(node) is NodeTag.Set or NodeTag.List ? _original.Thunk(eval, of, place) : default);

    /// <summary>Computes something that is not remembered: what an attribute or item of something else is.</summary>
    private sealed class OriginalCode() : Code(0)
    {
        public Value Thunk(Evaluator eval, Value of, long place)
        {
            var environment = Env.Make(eval.Heap, Env.Empty, 3);
            environment[1].Value = of;
            environment[2].Value = NixInt.Of(place);
            var cell = eval.Heap.Allocate(1);
            Defer(environment, cell);
            return Value.ThunkAt(cell);
        }

        public override Value Eval(Env environment, Evaluator eval) => Find(eval, environment[1].Value, environment[2].Value.AsInt!.Value);

        /// <summary>Returns an item of a list, or the attribute of a set whose symbol has that number.</summary>
        public static Value Find(Evaluator eval, Value of, long place)
        {
            var value = eval.Force(of);
            return value.AsSet is { } set ? eval.Force(set.FindSlot((int)place)) : eval.Force(value.AsList!.Value.Items.At((int)place));
        }
    }

    /// <summary>The attributes of a set that was made from memory; before them stand what it would be computed from, and its node.</summary>
    private sealed class SetCode(ClosedMemoryReader memory) : IndexedCode
    {
        private const int SlotsBegin = 3;

        public Values.AttributeSet Make(Evaluator eval, int node, Shape shape, Value original)
        {
            if (shape.Count == 0)
            {
                return Values.AttributeSet.Empty;
            }

            var head = eval.Heap.Allocate(SlotsBegin + shape.Count);
            head[0].Value = original;
            head[1].Value = NixInt.Of(node);
            head[2].Bits = shape.Handle;
            Defer(head, head + SlotsBegin, shape.Count);
            return new Values.AttributeSet(Value.HandleOf(head + 2));
        }

        public override Value Eval(Slot* head, Slot* slot, Evaluator eval)
        {
            var place = (int)(slot - (head + SlotsBegin));
            var child = memory.ChildOfSet((int)head[1].Value.AsInt!.Value, place);
            var name = new Shape((uint)head[2].Bits).Symbols[place];
            return child == 0
                ? OriginalCode.Find(eval, head[0].Value, name)
                : memory.MakeInside(eval, child, head[0].Value, name);
        }
    }

    /// <summary>The items of a list that was made from memory, likewise.</summary>
    private sealed class ListCode(ClosedMemoryReader memory) : IndexedCode
    {
        private const int SlotsBegin = 2;

        public NixList Make(Evaluator eval, int node, int count, Value original)
        {
            var head = eval.Heap.Allocate(SlotsBegin + count);
            head[0].Value = original;
            head[1].Value = NixInt.Of(node);
            Defer(head, head + SlotsBegin, count);
            return new NixList(head + SlotsBegin, count);
        }

        public override Value Eval(Slot* head, Slot* slot, Evaluator eval)
        {
            var place = (int)(slot - (head + SlotsBegin));
            using var reader = memory.Open((int)head[1].Value.AsInt!.Value);
            _ = Number(reader);
            return memory.MakeInside(eval, Child(reader, place), head[0].Value, place);
        }
    }
}

/// <summary>An attribute of a set of packages.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Node">The package that it is; 0 when it has to be computed.</param>
/// <param name="Inside">The packages in it, once it is computed; 0 when there are none.</param>
internal readonly record struct ScopeMember(Symbol Name, int Node, int Inside);
