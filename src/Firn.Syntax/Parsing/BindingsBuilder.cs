using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>A set while it is being read: <c>a.b = 1; a.c = 2;</c> and <c>a = { … };</c> add to the same inner set.</summary>
internal sealed class BindingsBuilder
{
    // Sets of up to this many attributes are searched one by one.
    private const int FewItems = 12;

    private readonly List<Item> _items = [];
    private readonly List<Expression> _sources = [];
    private Dictionary<Symbol, int>? _places;

    internal enum ItemKind : byte
    {
        Plain,
        Nested,
        Inherited,
        InheritedFrom,
    }

    /// <summary>One attribute; <paramref name="Value"/> is for plain ones, <paramref name="Nested"/> for sets that may grow.</summary>
    internal readonly record struct Item(
        Symbol Name, int Start, ItemKind Kind, Expression? Value, BindingsBuilder? Nested, int Source);

    internal readonly record struct DynamicItem(Expression Name, int Start, Expression? Value, BindingsBuilder? Nested);

    internal int Start { get; private set; }

    internal bool IsRecursive { get; set; }

    /// <summary>Whether the names are variables inside: so in <c>rec</c> and <c>let</c>.</summary>
    internal bool BindsVariables { get; set; }

    /// <summary>The position behind the set as far as it was read.</summary>
    internal int End { get; set; }

    internal List<DynamicItem> Dynamic { get; } = [];

    internal ReadOnlySpan<Item> Items => CollectionsMarshal.AsSpan(_items);

    internal void Reset(int start)
    {
        (Start, End, IsRecursive, BindsVariables) = (start, start, false, false);
        _items.Clear();
        _sources.Clear();
        _places?.Clear();
        Dynamic.Clear();
    }

    /// <summary>Returns the place of the attribute <paramref name="name"/> among the items, or -1.</summary>
    internal int Find(Symbol name)
    {
        var items = CollectionsMarshal.AsSpan(_items);
        if (items.Length > FewItems)
        {
            return _places!.TryGetValue(name, out var place) ? place : -1;
        }

        for (var i = 0; i < items.Length; i++)
        {
            if (ReferenceEquals(items[i].Name, name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Adds an attribute whose name is not there yet.</summary>
    internal void Add(in Item item)
    {
        _items.Add(item);
        if (_items.Count > FewItems)
        {
            _places ??= [];
            for (var i = _places.Count; i < _items.Count; i++)
            {
                _places.Add(_items[i].Name, i);
            }
        }
    }

    /// <summary>Returns the inner set at <paramref name="place"/>, opened for more attributes, or null if no set is there.</summary>
    internal BindingsBuilder? Open(int place)
    {
        ref var item = ref CollectionsMarshal.AsSpan(_items)[place];
        if (item.Value is AttributeSet set)
        {
            item = item with { Kind = ItemKind.Nested, Value = null, Nested = Thaw(set) };
        }

        return item.Nested;
    }

    /// <summary>Adds the expression of an <c>inherit (…)</c> and returns its number.</summary>
    internal int AddSource(Expression source)
    {
        _sources.Add(source);
        return _sources.Count - 1;
    }

    /// <summary>Makes the finished set.</summary>
    internal AttributeSet Freeze()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var items = Items;
        var bindings = items.Length == 0 ? [] : new Binding[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            ref readonly var item = ref items[i];
            bindings[i] = item.Kind switch
            {
                ItemKind.Plain => new Binding.Plain(item.Name, item.Start, item.Value!),
                ItemKind.Nested => new Binding.Plain(item.Name, item.Start, item.Nested!.Freeze()),
                ItemKind.Inherited => new Binding.Inherited(item.Name, item.Start),
                _ => new Binding.InheritedFrom(item.Name, item.Start, item.Source),
            };
        }

        ImmutableArray<DynamicBinding> dynamic = Dynamic.Count == 0
            ? []
            : [.. Dynamic.Select(item => new DynamicBinding(item.Name, item.Value ?? item.Nested!.Freeze(), item.Start))];
        return new AttributeSet(
            Start, End, IsRecursive,
            new Bindings(ImmutableCollectionsMarshal.AsImmutableArray(bindings), dynamic, [.. _sources]));
    }

    private static BindingsBuilder Thaw(AttributeSet set)
    {
        var builder = new BindingsBuilder { Start = set.Start, End = set.End, IsRecursive = set.IsRecursive };
        foreach (var binding in set.Bindings.Items)
        {
            builder.Add(binding switch
            {
                Binding.Plain plain => new Item(plain.Name, plain.Start, ItemKind.Plain, plain.Value, null, 0),
                Binding.InheritedFrom from => new Item(from.Name, from.Start, ItemKind.InheritedFrom, null, null, from.Source),
                _ => new Item(binding.Name, binding.Start, ItemKind.Inherited, null, null, 0),
            });
        }

        foreach (var dynamic in set.Bindings.Dynamic)
        {
            builder.Dynamic.Add(new DynamicItem(dynamic.Name, dynamic.Start, dynamic.Value, null));
        }

        builder._sources.AddRange(set.Bindings.InheritSources);
        return builder;
    }
}
