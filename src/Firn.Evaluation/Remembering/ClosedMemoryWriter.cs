using System.Text;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Remembering;

/// <summary>Writes down the packages of a set that were evaluated, with what is known of their attributes.</summary>
/// <remarks>
/// Nothing is computed for it. Node 0 is what is not known. Functions are not; nor are sets that have some and are no packages,
/// which are told apart by comparing them.
/// </remarks>
internal sealed unsafe partial class ClosedMemoryWriter
{
    // Longer texts are scripts, which only their own derivation needs.
    private const int LongestText = 4096;
    private const int LargestSet = 64;
    private const int LargestList = 1000;
    private const int MostNesting = 4;
    private const int UsualLength = 1 << 23;

    // Writing it once more for less would cost more than it saves.
    private const int NewsShare = 10;

    private readonly Evaluator _eval;
    private readonly ClosedCall _call;
    private readonly List<int> _nodes = [0];
    private readonly Stack<(int Id, Action Write)> _pending = new();
    private readonly Dictionary<Value, int> _values = [];
    private readonly Dictionary<int, int> _copied = [];
    private readonly Numbers<Symbol> _names = new();
    private readonly Numbers<long> _shapes = new();
    private readonly List<int[]> _shapeNames = [];
    private readonly Numbers<StringContext> _contexts = new();
    private readonly Dictionary<Value, int> _scopes = [];
    private bool _isInside;
    private bool _isCounting;
    private int _new;
    private int _known;
    private readonly MemoryStream _text = new(UsualLength);
    private readonly BinaryWriter _node;

    public ClosedMemoryWriter(Evaluator eval, ClosedCall call)
    {
        (_eval, _call) = (eval, call);
        _node = new BinaryWriter(_text, Encoding.UTF8);
    }

    /// <summary>Tells whether so much more is known of the packages in a set than is remembered that it is worth writing.</summary>
    public bool IsWorthIt(AttributeSet packages)
    {
        if (_call.Memory is null)
        {
            return true;
        }

        _isCounting = true;
        _ = ScopeOf(packages, _call.Memory.Root, 0);
        _isCounting = false;
        _scopes.Clear();
        return _new * NewsShare > _known;
    }

    /// <summary>Returns what is known of the packages in a set.</summary>
    public ReadOnlyMemory<byte> Write(AttributeSet packages)
    {
        var root = ScopeOf(packages, _call.Memory?.Root ?? 0, 0);
        root = root == 0 ? Node(() => Scope([])) : root;
        while (_pending.TryPop(out var next))
        {
            _nodes[next.Id] = (int)_text.Length;
            next.Write();
            _node.Flush();
        }

        return Whole(root);
    }

    /// <summary>Returns the node of one in another memory.</summary>
    public int Copied(ClosedMemoryReader? memory, int node)
    {
        if (node == 0 || memory is null || _isCounting)
        {
            return 0;
        }

        if (!_copied.TryGetValue(node, out var id))
        {
            _copied[node] = id = Node(() => memory.Copy(node, this, _eval.Symbols));
        }

        return id;
    }

    /// <summary>Writes a list.</summary>
    public void List(int[] items)
    {
        _node.Write((byte)NodeTag.List);
        Numbers(items);
    }

    /// <summary>Writes a set.</summary>
    /// <param name="shape">Tells the set's names from those of other sets.</param>
    /// <param name="names">Gives the names.</param>
    /// <param name="values">Their nodes, in the same order.</param>
    public void Set(long shape, Func<IEnumerable<Symbol>> names, int[] values)
    {
        var number = _shapes.Of(shape);
        if (number == _shapeNames.Count)
        {
            _shapeNames.Add([.. names().Select(_names.Of)]);
        }

        _node.Write((byte)NodeTag.Set);
        _node.Write7BitEncodedInt(number);
        foreach (var value in values)
        {
            _node.Write7BitEncodedInt(value);
        }
    }

    /// <summary>Writes a scope.</summary>
    public void Scope(IReadOnlyCollection<ScopeMember> members)
    {
        _node.Write((byte)NodeTag.Scope);
        _node.Write7BitEncodedInt(members.Count);
        foreach (var member in members)
        {
            _node.Write7BitEncodedInt(_names.Of(member.Name));
            _node.Write7BitEncodedInt(member.Node);
            _node.Write7BitEncodedInt(member.Inside);
        }
    }

    /// <summary>Writes a string.</summary>
    public void Text(ReadOnlySpan<byte> text, StringContext? context)
    {
        _node.Write((byte)NodeTag.String);
        _node.Write7BitEncodedInt(context is null ? 0 : 1 + _contexts.Of(context));
        Bytes(text);
    }

    /// <summary>Writes a path.</summary>
    public void Path(ReadOnlySpan<byte> path)
    {
        _node.Write((byte)NodeTag.Path);
        Bytes(path);
    }

    /// <summary>Writes a node of which all is in its own bytes, and whose length its tag says.</summary>
    public void Raw(ReadOnlySpan<byte> node) => _node.Write(node);

    private int Node(Action write)
    {
        var id = _nodes.Count;
        _nodes.Add(0);
        _pending.Push((id, write));
        return id;
    }

    // The packages in a set and in the sets in it; 0 when there are none.
    private int ScopeOf(AttributeSet set, int known, int nesting)
    {
        if (nesting > MostNesting || !_scopes.TryAdd(set, 0))
        {
            return _scopes.GetValueOrDefault(set);
        }

        var before = new Dictionary<int, ScopeMember>();
        foreach (var member in known == 0 ? [] : _call.Memory!.Scope(known, _eval.Symbols))
        {
            before[member.Name.Id] = member;
            _known += member.Node == 0 ? 0 : 1;
        }

        var items = new List<ScopeMember>();
        var flat = set.Flat(_eval.Shapes);
        for (var i = 0; i < flat.Count; i++)
        {
            var symbol = flat.Shape.Symbols[i];
            var (node, inside) = Member(FindKnown(flat.Slots.At(i)), before.GetValueOrDefault(symbol), nesting);
            if (node != 0 || inside != 0)
            {
                items.Add(new ScopeMember(_eval.Symbols[symbol], node, inside));
            }
        }

        return _scopes[set] = items.Count == 0 ? 0 : Node(() => Scope(items));
    }

    private (int Node, int Inside) Member(Value? computed, ScopeMember before, int nesting)
    {
        if (computed is not { AsSet: { } set } value)
        {
            // What this evaluation did not look into is as it was.
            return (Copied(_call.Memory, before.Node), Copied(_call.Memory, before.Inside));
        }

        if (!IsPackage(set))
        {
            return (0, ScopeOf(set, before.Inside, nesting + 1));
        }

        if (before.Node != 0)
        {
            // Perhaps more of it is known now, but it is not worth it.
            return (Copied(_call.Memory, before.Node), Copied(_call.Memory, before.Inside));
        }

        if (!IsInstantiated(set) && !HasInstantiated(set.Flat(_eval.Shapes)))
        {
            return default;
        }

        _new++;
        return _isCounting ? default : (ValueOf(value), BootPackages(set));
    }

    // The packages that a standard environment is made of; it can be computed of these without those that they were made of.
    private int BootPackages(AttributeSet environment)
    {
        if (_isInside || FindKnown(environment.FindSlot(_eval.Names.BootPackages.Id)) is not { AsSet: { } packages })
        {
            return 0;
        }

        _isInside = true;
        var scope = ScopeOf(packages, 0, 0);
        _isInside = false;
        return scope == 0 ? 0 : Node(() => Scope([new ScopeMember(_eval.Names.BootPackages, 0, scope)]));
    }

    // Nobody may have asked yet of what type it is; who compares it will.
    private bool IsPackage(AttributeSet set) =>
        set.FindSlot(_eval.Names.Type.Id) is var type && type != null && set.FindSlot(_eval.Names.OutPath.Id) != null
        && (FindKnown(type) is not { } known || (known.AsString is { } text && text.Bytes.SequenceEqual("derivation"u8)));

    private bool IsInstantiated(AttributeSet package) =>
        FindKnown(package.FindSlot(_eval.Names.OutPath.Id)) is not null || FindKnown(package.FindSlot(_eval.Names.DrvPath.Id)) is not null;

    private bool HasInstantiated(AttributeSet flat)
    {
        for (var i = 0; i < flat.Count; i++)
        {
            if (FindKnown(flat.Slots.At(i)) is { AsSet: { } inner } && IsPackage(inner) && IsInstantiated(inner))
            {
                return true;
            }
        }

        return false;
    }

    // The value in a slot, or null when it was not computed.
    private static Value? FindKnown(Slot* slot)
    {
        if (slot == null)
        {
            return null;
        }

        var value = slot->Value;
        return value.AsThunk is { } thunk ? thunk.Result : value.IsForced ? value : null;
    }

    private int ValueOf(Value? known)
    {
        if (known is not { } value)
        {
            return 0;
        }

        if (_values.TryGetValue(value, out var id))
        {
            return id;
        }

        // Until it is known: a list may be in itself.
        _values[value] = 0;
        return _values[value] = value switch
        {
            { IsNull: true } => Node(() => _node.Write((byte)NodeTag.Null)),
            { AsBool: { } truth } => Node(() => _node.Write((byte)(truth ? NodeTag.True : NodeTag.False))),
            { AsInt: { } number } => Node(() =>
            {
                _node.Write((byte)NodeTag.Integer);
                _node.Write(number);
            }),
            { AsFloat: { } number } => Node(() =>
            {
                _node.Write((byte)NodeTag.Float);
                _node.Write(number);
            }),
            { AsString: { } text } => text.Length > LongestText ? 0 : Node(() => Text(text.Bytes, text.Context)),
            { AsPath: { } path } => Node(() => Path(Encoding.UTF8.GetBytes(path))),
            { AsList: { } list } => ListOf(list),
            { AsSet: { } set } => SetOf(set),
            _ => 0,
        };
    }

    private int ListOf(NixList list)
    {
        if (list.Count > LargestList)
        {
            return 0;
        }

        var items = new int[list.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = ValueOf(FindKnown(list.Items.At(i)));
            if (items[i] == 0)
            {
                return 0;
            }
        }

        return Node(() => List(items));
    }

    private int SetOf(AttributeSet set)
    {
        if (_call.Memory?.FindNode(set) is > 0 and var known)
        {
            return Copied(_call.Memory, known);
        }

        var flat = set.Flat(_eval.Shapes);
        if (!IsPackage(flat) && (flat.Count > LargestSet || HasFunction(flat)))
        {
            return 0;
        }

        return Node(() =>
        {
            var values = new int[flat.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = ValueOf(FindKnown(flat.Slots.At(i)));
            }

            Set(flat.Shape.Handle, () => flat.Shape.Symbols.ToArray().Select(s => _eval.Symbols[s]), values);
        });
    }

    private static bool HasFunction(AttributeSet flat)
    {
        for (var i = 0; i < flat.Count; i++)
        {
            if (FindKnown(flat.Slots.At(i)) is { IsFunction: true })
            {
                return true;
            }
        }

        return false;
    }
}
