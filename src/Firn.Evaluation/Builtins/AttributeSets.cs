using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins over attribute sets.</summary>
internal static class AttributeSets
{
    /// <summary>Returns the names, sorted by their bytes.</summary>
    [Builtin("attrNames")]
    public static Value AttrNames(Evaluator eval, AttributeSet set)
    {
        var flat = set.Flat(eval.Shapes);
        var names = new Value[flat.Count];
        var order = flat.Shape.ByName(eval.Symbols);
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = eval.NameValue(flat.Shape.Symbols[order[i]]);
        }

        return NixList.Of(names);
    }

    /// <summary>Returns the values, in the order of their names.</summary>
    [Builtin("attrValues")]
    public static Value AttrValues(Evaluator eval, AttributeSet set)
    {
        var flat = set.Flat(eval.Shapes);
        var values = new Value[flat.Count];
        var order = flat.Shape.ByName(eval.Symbols);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = flat.Slots[order[i]];
        }

        return NixList.Of(values);
    }

    [Builtin("getAttr")]
    public static Value GetAttr(Evaluator eval, NixString name, AttributeSet set)
    {
        var symbol = eval.SymbolOf(name);
        return eval.Force(set.Find(symbol) ?? throw eval.MissingAttribute(0, symbol, set));
    }

    [Builtin("hasAttr")]
    public static bool HasAttr(Evaluator eval, NixString name, AttributeSet set) => set.Find(eval.SymbolOf(name)) is not null;

    /// <summary>Returns where an attribute was written, or null.</summary>
    [Builtin("unsafeGetAttrPos")]
    public static Value UnsafeGetAttrPos(Evaluator eval, NixString name, AttributeSet set)
    {
        var position = (eval.ClosedCalls?.FindOriginal(eval, set) ?? set).FindPosition(eval.SymbolOf(name));
        return position == 0 ? NixNull.Instance : eval.PositionValue(position);
    }

    [Builtin("removeAttrs", Global = true)]
    public static Value RemoveAttrs(Evaluator eval, AttributeSet set, NixList names)
    {
        var flat = set.Flat(eval.Shapes);
        var removed = new System.Collections.BitArray(0);
        var count = 0;
        for (var i = 0; i < names.Count; i++)
        {
            var name = eval.ForceStringWithoutContext(
                eval.Force(names.Items[i]), 0, "while evaluating the values of the second argument passed to builtins.removeAttrs");
            if ((name.SymbolId ?? eval.Symbols.Find(name.Bytes)?.Id) is { } symbol && flat.Shape.Find(symbol) is >= 0 and var place)
            {
                removed.Length = flat.Count;
                count += removed[place] ? 0 : 1;
                removed[place] = true;
            }
        }

        if (count == 0)
        {
            return set;
        }

        var result = new AttributeSetBuilder(flat.Count - count);
        for (var i = 0; i < flat.Count; i++)
        {
            if (!removed[i])
            {
                result.Add(flat.Shape.Symbols[i], flat.Slots[i], flat.Shape.Positions[i]);
            }
        }

        return result.Build(eval.Shapes);
    }

    /// <summary>Makes a set of <c>{ name = …; value = …; }</c> items; of several with one name the first counts.</summary>
    [Builtin("listToAttrs")]
    public static Value ListToAttrs(Evaluator eval, NixList list)
    {
        var result = new AttributeSetBuilder(list.Count);
        eval.OfferAll(list.Items, isForString: false);
        for (var i = 0; i < list.Count; i++)
        {
            var item = eval.ForceSet(eval.Force(list.Items[i]), 0, "while evaluating an element of the list passed to builtins.listToAttrs");
            var name = eval.ForceStringWithoutContext(
                item.Find(eval.Names.Name) ?? throw Missing(eval, item, "name"), 0,
                "while evaluating the `name` attribute of an element of the list passed to builtins.listToAttrs");
            var value = item.Find(eval.Names.Value) ?? throw Missing(eval, item, "value");
            result.Add(eval.SymbolOf(name), value, item.FindPosition(eval.Names.Value));
        }

        return result.Build(eval.Shapes);

        static EvaluationException Missing(Evaluator eval, AttributeSet item, string attribute) => eval.LacksAttribute(
            item, attribute, $"attribute '{attribute}' missing in an element of the list passed to builtins.listToAttrs");
    }

    /// <summary>Returns the attributes of the second set whose names are in the first.</summary>
    [Builtin("intersectAttrs")]
    public static Value IntersectAttrs(Evaluator eval, AttributeSet names, AttributeSet set)
    {
        if (names.Count < set.Count / 4)
        {
            var result = new AttributeSetBuilder(names.Count);
            foreach (var symbol in names.Flat(eval.Shapes).Shape.Symbols)
            {
                if (set.FindEntry(symbol) is var (value, position))
                {
                    result.Add(symbol, value, position);
                }
            }

            return result.Build(eval.Shapes);
        }

        return Keep(eval, set.Flat(eval.Shapes), symbol => names.Find(symbol) is not null, 0);
    }

    /// <summary>Returns the values called <paramref name="name"/> of those sets in the list that have one.</summary>
    [Builtin("catAttrs")]
    public static Value CatAttrs(Evaluator eval, NixString name, NixList list)
    {
        var symbol = eval.SymbolOf(name);
        var found = new List<Value>();
        eval.OfferAll(list.Items, isForString: false);
        for (var i = 0; i < list.Count; i++)
        {
            var set = eval.ForceSet(
                eval.Force(list.Items[i]), 0, "while evaluating an element in the list passed as second argument to builtins.catAttrs");
            if (set.Find(symbol) is { } value)
            {
                found.Add(value);
            }
        }

        return NixList.Of(found);
    }

    /// <summary>Applies a function to each name and value, when the result is needed.</summary>
    [Builtin("mapAttrs")]
    public static Value MapAttrs(Evaluator eval, Lazy function, AttributeSet set)
    {
        return set.Count == 0 ? set : eval.MappingAttributes.Make(function.Value, set.Flat(eval.Shapes), eval.Shapes);
    }

    /// <summary>Joins sets: the function gets each name with the list of its values.</summary>
    [Builtin("zipAttrsWith")]
    public static Value ZipAttrsWith(Evaluator eval, Function function, NixList sets)
    {
        var count = 0;
        var all = new AttributeSet[sets.Count];
        eval.OfferAll(sets.Items, isForString: false);
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = eval.ForceSet(
                sets.Items[i], 0, "while evaluating a value of the list passed as second argument to builtins.zipAttrsWith").Flat(eval.Shapes);
            count += all[i].Count;
        }

        // One entry for each attribute of each set, sorted by name and then by set.
        var entries = System.Buffers.ArrayPool<(int Symbol, int Set, int Index)>.Shared.Rent(count);
        var filled = 0;
        for (var i = 0; i < all.Length; i++)
        {
            var symbols = all[i].Shape.Symbols;
            for (var j = 0; j < symbols.Length; j++)
            {
                entries[filled++] = (symbols[j], i, j);
            }
        }

        var sorted = entries.AsSpan(0, count);
        sorted.Sort();
        var result = new AttributeSetBuilder(count);
        for (var start = 0; start < count;)
        {
            var end = start + 1;
            while (end < count && sorted[end].Symbol == sorted[start].Symbol)
            {
                end++;
            }

            var values = new Value[end - start];
            for (var i = start; i < end; i++)
            {
                values[i - start] = all[sorted[i].Set].Slots[sorted[i].Index];
            }

            result.Add(sorted[start].Symbol, eval.Applying.Thunk(function.Value, eval.NameValue(sorted[start].Symbol), NixList.Of(values)), 0);
            start = end;
        }

        System.Buffers.ArrayPool<(int Symbol, int Set, int Index)>.Shared.Return(entries);
        return result.Build(eval.Shapes);
    }

    private static AttributeSet Keep(Evaluator eval, AttributeSet flat, Func<int, bool> isKept, int capacity)
    {
        var result = new AttributeSetBuilder(capacity);
        for (var i = 0; i < flat.Count; i++)
        {
            if (isKept(flat.Shape.Symbols[i]))
            {
                result.Add(flat.Shape.Symbols[i], flat.Slots[i], flat.Shape.Positions[i]);
            }
        }

        return result.Build(eval.Shapes);
    }
}
