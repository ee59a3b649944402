using Firn.Evaluation.Values;
using Firn.Model.Text;

namespace Firn.Evaluation.Builtins;

/// <summary>The keys that <c>genericClosure</c> has seen; strings and integers are hashed, others compared.</summary>
internal sealed class ClosureKeys(Evaluator eval)
{
    private readonly HashSet<ByteString> _strings = [];
    private readonly HashSet<long> _integers = [];
    private readonly SortedSet<Value> _others = new(Comparer<Value>.Create(
        (a, b) => eval.IsLess(a, b, 0) ? -1 : eval.IsLess(b, a, 0) ? 1 : 0));

    private Value? _first;

    /// <summary>Adds a key; false when it was there.</summary>
    /// <exception cref="EvaluationException">It cannot be compared with the first key.</exception>
    public bool Add(Value key)
    {
        var first = _first ??= key;
        if (first.TypeName != key.TypeName || !(key.IsString || key.IsInt))
        {
            // Also the check that upstream makes: keys of different types have no order.
            _ = eval.IsLess(first, key, 0);
        }

        return key switch
        {
            { AsString: { } text } => _strings.Add(new ByteString(text.Bytes.ToArray())),
            { AsInt: { } number } when _others.Count == 0 => _integers.Add(number),
            _ => _others.Add(key),
        };
    }
}
