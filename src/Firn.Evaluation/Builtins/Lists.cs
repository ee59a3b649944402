using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins over lists.</summary>
internal static class Lists
{
    /// <summary>Returns the first item of <paramref name="list"/>.</summary>
    [Builtin("head")]
    public static Value Head(Evaluator eval, NixList list) => list.Count > 0
        ? eval.Force(list.Items[0])
        : throw eval.Error(EvaluationErrors.IndexOutOfRange, 0, "'builtins.head' called on an empty list");

    /// <summary>Returns <paramref name="list"/> without its first item.</summary>
    [Builtin("tail")]
    public static Value Tail(Evaluator eval, NixList list) => list.Count > 0
        ? NixLists.From(list, 1)
        : throw eval.Error(EvaluationErrors.IndexOutOfRange, 0, "'builtins.tail' called on an empty list");

    [Builtin("length")]
    public static long Length(NixList list) => list.Count;

    [Builtin("elemAt")]
    public static Value ElemAt(Evaluator eval, NixList list, long index) => index >= 0 && index < list.Count
        ? eval.Force(list.Items[(int)index])
        : throw eval.Error(
            EvaluationErrors.IndexOutOfRange, 0, $"'builtins.elemAt' called with index {index} on a list of size {list.Count}",
            "Indices start at 0.");

    /// <summary>Applies a function to each item, when the item is needed.</summary>
    [Builtin("map", Global = true)]
    public static Value Map(Evaluator eval, Lazy function, NixList list)
    {
        if (list.Count == 0)
        {
            return NixList.Empty;
        }

        eval.ForceFunction(function.Value, 0, "while evaluating the first argument passed to builtins.map");
        return eval.Mapping.Make(function.Value, list);
    }

    [Builtin("filter")]
    public static Value Filter(Evaluator eval, Lazy predicate, NixList list)
    {
        if (list.Count == 0)
        {
            return list;
        }

        var function = eval.ForceFunction(predicate.Value, 0, "while evaluating the first argument passed to builtins.filter");
        var kept = new Value[list.Count];
        var count = 0;
        foreach (var item in list.Items)
        {
            if (eval.ForceBool(eval.Call(function, item), 0, "while evaluating the return value of the filtering function passed to builtins.filter"))
            {
                kept[count++] = item;
            }
        }

        return count == kept.Length ? list : NixList.Of(kept.AsSpan(0, count));
    }

    [Builtin("elem")]
    public static bool Elem(Evaluator eval, Lazy wanted, NixList list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (eval.AreSame(wanted.Value, list.Items[i], 0))
            {
                return true;
            }
        }

        return false;
    }

    [Builtin("concatLists")]
    public static Value ConcatLists(Evaluator eval, NixList lists)
    {
        eval.OfferAll(lists.Items, isForString: false);
        var parts = new NixList[lists.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = eval.ForceList(eval.Force(lists.Items[i]), 0, "while evaluating a value of the list passed to builtins.concatLists");
        }

        return NixLists.Concat(parts);
    }

    [Builtin("concatMap")]
    public static Value ConcatMap(Evaluator eval, Function function, NixList list)
    {
        var parts = new NixList[list.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = eval.ForceList(
                eval.Call(function.Value, list.Items[i]), 0, "while evaluating the return value of the function passed to builtins.concatMap");
        }

        return NixLists.Concat(parts);
    }

    /// <summary>Folds from the left, forcing each intermediate result but not the initial one.</summary>
    [Builtin("foldl'")]
    public static Value Fold(Evaluator eval, Function function, Lazy initial, NixList list)
    {
        var result = initial.Value;
        foreach (var item in list.Items)
        {
            result = eval.Call(function.Value, result, item);
        }

        return eval.Force(result);
    }

    [Builtin("any")]
    public static bool Any(Evaluator eval, Function predicate, NixList list) => Holds(
        eval, predicate, list, "while evaluating the return value of the function passed to builtins.any", stopAt: true);

    [Builtin("all")]
    public static bool All(Evaluator eval, Function predicate, NixList list) => !Holds(
        eval, predicate, list, "while evaluating the return value of the function passed to builtins.all", stopAt: false);

    /// <summary>Makes a list of <paramref name="length"/> items, each from its index when it is needed.</summary>
    [Builtin("genList")]
    public static Value GenList(Evaluator eval, Lazy generator, long length)
    {
        if (length < 0 || length > NixList.MaxCount)
        {
            throw eval.Error(EvaluationErrors.BadArgument, 0, $"cannot create list of size {length}");
        }

        eval.ForceFunction(generator.Value, 0, "while evaluating the first argument passed to builtins.genList");
        return eval.Generating.Make(generator.Value, (int)length);
    }

    /// <summary>Sorts, keeping the order of equal items; whatever the comparison answers, no item is lost.</summary>
    [Builtin("sort")]
    public static Value Sort(Evaluator eval, Lazy comparison, NixList list)
    {
        if (list.Count == 0)
        {
            return list;
        }

        var function = eval.ForceFunction(comparison.Value, 0, "while evaluating the first argument passed to builtins.sort");
        var items = new Value[list.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = eval.Force(list.Items[i]);
        }

        MergeSort.Sort(items, function.AsBuiltin is { Name: "lessThan" } ? (a, b) => eval.IsLess(a, b, 0) : (a, b) => eval.ForceBool(
            eval.Call(function, a, b), 0, "while evaluating the return value of the sorting function passed to builtins.sort"));
        return NixList.Of(items);
    }

    /// <summary>Splits into the items for which the predicate holds (<c>right</c>) and the others (<c>wrong</c>).</summary>
    [Builtin("partition")]
    public static Value Partition(Evaluator eval, Function predicate, NixList list)
    {
        var (right, wrong) = (new List<Value>(), new List<Value>());
        foreach (var item in list.Items)
        {
            (eval.ForceBool(
                eval.Call(predicate.Value, item), 0,
                "while evaluating the return value of the partition function passed to builtins.partition") ? right : wrong).Add(item);
        }

        var set = new AttributeSetBuilder(2);
        set.Add(eval.Names.Right, NixList.Of(right));
        set.Add(eval.Names.Wrong, NixList.Of(wrong));
        return set.Build(eval.Shapes);
    }

    /// <summary>Groups items by the name that a function gives each.</summary>
    [Builtin("groupBy")]
    public static Value GroupBy(Evaluator eval, Function function, NixList list)
    {
        var groups = new Dictionary<Syntax.Text.Symbol, List<Value>>();
        foreach (var item in list.Items)
        {
            var name = eval.SymbolOf(eval.ForceStringWithoutContext(
                eval.Call(function.Value, item), 0,
                "while evaluating the return value of the grouping function passed to builtins.groupBy"));
            if (!groups.TryGetValue(name, out var group))
            {
                groups[name] = group = [];
            }

            group.Add(item);
        }

        var set = new AttributeSetBuilder(groups.Count);
        foreach (var (name, items) in groups)
        {
            set.Add(name, NixList.Of(items));
        }

        return set.Build(eval.Shapes);
    }

    /// <summary>Returns everything that can be reached from <c>startSet</c> by <c>operator</c>, each <c>key</c> once, nearest first.</summary>
    [Builtin("genericClosure")]
    public static Value GenericClosure(Evaluator eval, AttributeSet arguments)
    {
        const string Where = "in the attrset passed as argument to builtins.genericClosure";
        var start = eval.ForceList(
            eval.GetAttribute(arguments, "startSet", Where), 0,
            "while evaluating the 'startSet' attribute passed as argument to builtins.genericClosure");
        if (start.Count == 0)
        {
            return start;
        }

        var step = eval.ForceFunction(
            eval.GetAttribute(arguments, "operator", Where), 0,
            "while evaluating the 'operator' attribute passed as argument to builtins.genericClosure");
        eval.OfferAll(start.Items, isForString: false);
        var pending = new Queue<Value>(start.Items.ToArray());
        var keys = new ClosureKeys(eval);
        var found = new List<Value>();
        while (pending.TryDequeue(out var next))
        {
            var item = eval.ForceSet(next, 0, "while evaluating an element of builtins.genericClosure");
            var key = eval.Force(item.Find(eval.Names.Key) ?? throw eval.LacksAttribute(
                item, "key", $"attribute 'key' missing in genericClosure element {eval.Print(item)}"));
            if (!keys.Add(key))
            {
                continue;
            }

            found.Add(item);
            var behind = eval.ForceList(
                eval.Call(step, item), 0, "while evaluating the return value of the `operator` passed to builtins.genericClosure");
            eval.OfferAll(behind.Items, isForString: false);
            foreach (var reached in behind.Items)
            {
                pending.Enqueue(eval.Force(reached));
            }
        }

        return NixList.Of(found);
    }

    private static bool Holds(Evaluator eval, Function predicate, NixList list, string doing, bool stopAt)
    {
        foreach (var item in list.Items)
        {
            if (eval.ForceBool(eval.Call(predicate.Value, item), 0, doing) == stopAt)
            {
                return true;
            }
        }

        return false;
    }
}
