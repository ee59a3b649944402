using Firn.Evaluation.Contexts;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Remembering;

/// <summary>The bytes of what is remembered: nodes, then what they refer to, which <see cref="ClosedMemoryReader"/> reads.</summary>
internal sealed partial class ClosedMemoryWriter
{
    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        _node.Write7BitEncodedInt(bytes.Length);
        _node.Write(bytes);
    }

    private void Numbers(int[] numbers)
    {
        _node.Write7BitEncodedInt(numbers.Length);
        Array.ForEach(numbers, _node.Write7BitEncodedInt);
    }

    // Behind the nodes what they refer to, which is known once they are written; at the very end where it begins.
    private ReadOnlyMemory<byte> Whole(int root)
    {
        var head = (int)_text.Length;
        All(_names.InOrder, name => Bytes(name.Bytes));
        All(_shapeNames, Numbers);
        All(_contexts.InOrder, context => All(context.Elements, Element));
        All(Hashes(), entry => HashOf(entry.Path, entry.Hash));
        _node.Write7BitEncodedInt(root);
        _node.Write7BitEncodedInt(_nodes.Count);
        foreach (var start in _nodes)
        {
            _node.Write7BitEncodedInt(start);
        }

        _node.Write(head);
        _node.Flush();
        return _text.GetBuffer().AsMemory(0, (int)_text.Length);
    }

    private void All<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        _node.Write7BitEncodedInt(items.Count);
        foreach (var item in items)
        {
            write(item);
        }
    }

    private void Element(ContextElement element)
    {
        _node.Write((byte)(element switch
        {
            ContextElement.Opaque => 0,
            ContextElement.DerivationClosure => 1,
            _ => 2,
        }));
        _node.Write(element.Path.ToString());
        if (element is ContextElement.Output output)
        {
            _node.Write(output.Name);
            All(output.Through.IsDefault ? [] : output.Through, _node.Write);
        }
    }

    private List<(StorePath Path, HashModulo Hash)> Hashes() =>
    [
        .. _contexts.InOrder.SelectMany(c => c.Elements).Where(e => e is not ContextElement.Opaque).Select(e => e.Path).Distinct()
            .Select(path => (path, _eval.Derivations.FindHash(path))).Where(e => e.Item2 is not null).Select(e => (e.path, e.Item2!)),
    ];

    private void HashOf(StorePath path, HashModulo hash)
    {
        _node.Write(path.ToString());
        if (hash is HashModulo.Whole whole)
        {
            _node.Write((byte)(whole.IsDeferred ? 2 : 1));
            Digest(whole.Hash);
        }
        else
        {
            _node.Write((byte)0);
            All(((HashModulo.Fixed)hash).Outputs, output =>
            {
                _node.Write(output.Name);
                Digest(output.Hash);
            });
        }

        void Digest(Hash digest)
        {
            _node.Write((byte)digest.Algorithm);
            Bytes(digest.Bytes);
        }
    }
}

/// <summary>Numbers things in the order in which they come up.</summary>
internal sealed class Numbers<T>
    where T : notnull
{
    private readonly Dictionary<T, int> _numbers = [];
    private readonly List<T> _items = [];

    public IReadOnlyList<T> InOrder => _items;

    public int Of(T item)
    {
        if (!_numbers.TryGetValue(item, out var number))
        {
            _numbers[item] = number = _items.Count;
            _items.Add(item);
        }

        return number;
    }
}
