using System.Globalization;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Selecting;

/// <summary>Finds the derivations in a value: the value itself, or those in its sets and lists.</summary>
public sealed class DerivationFinder
{
    private readonly Evaluator _eval;
    private readonly AttributeSet _arguments;
    private readonly bool _ignoresAssertions;
    private readonly HashSet<Value> _seen = [];
    private readonly List<FoundDerivation> _found = [];

    private DerivationFinder(Evaluator eval, AttributeSet arguments, bool ignoresAssertions) =>
        (_eval, _arguments, _ignoresAssertions) = (eval, arguments, ignoresAssertions);

    /// <summary>Lists the derivations in <paramref name="value"/>, in the order of their attributes' names.</summary>
    /// <param name="eval">Who forces.</param>
    /// <param name="value">Where to look.</param>
    /// <param name="arguments">What functions on the way are called with.</param>
    /// <param name="ignoresAssertions">Whether what fails by <c>throw</c> or <c>assert</c> is passed over.</param>
    /// <exception cref="EvaluationException">The value is no derivation, set or list.</exception>
    public static IReadOnlyList<FoundDerivation> Find(Evaluator eval, Value value, AttributeSet arguments, bool ignoresAssertions)
    {
        var finder = new DerivationFinder(eval, arguments, ignoresAssertions);
        finder.Visit(value, "");
        return finder._found;
    }

    private void Visit(Value value, string path)
    {
        // A set that contains itself is looked into without end: it counts as calls do.
        _eval.EnterCall(null);
        value = AutomaticCall.Apply(_eval, _arguments, value);
        if (!Take(value, path))
        {
            VisitParts(value, path);
        }

        _eval.LeaveCall();
    }

    private void VisitParts(Value value, string path)
    {
        switch (value)
        {
            case { AsSet: { } set }:
                VisitSet(set, path);
                break;
            case { AsList: { } list }:
                for (var i = 0; i < list.Count; i++)
                {
                    var inner = Append(path, i.ToString(CultureInfo.InvariantCulture));
                    if (!Take(list.Items[i], inner))
                    {
                        Visit(list.Items[i], inner);
                    }
                }

                break;
            default:
                throw _eval.Error(
                    EvaluationErrors.WrongType, 0, "expression does not evaluate to a derivation (or a set or list of those)");
        }
    }

    private void VisitSet(AttributeSet set, string path)
    {
        // nix-env puts several channels into one set, marked by this attribute.
        var combines = set.Find(_eval.Symbols.Intern("_combineChannels")) is not null;
        var recurse = _eval.Symbols.Intern("recurseForDerivations");
        foreach (var (name, value, position) in set.ByName(_eval.Symbols))
        {
            if (!IsPlainName(name.Bytes))
            {
                continue;
            }

            using var frame = _eval.Describing(() => $"while evaluating the attribute '{name}'", position);
            var inner = Append(path, name.ToString());
            if (combines)
            {
                Visit(value, inner);
            }
            else if (!Take(value, inner)
                && _eval.Force(value).AsSet is { } nested
                && nested.Find(recurse) is { } flag
                && _eval.ForceBool(flag, position, "while evaluating the attribute `recurseForDerivations`"))
            {
                Visit(nested, inner);
            }
        }
    }

    /// <summary>Takes a derivation; false when the value is something else that may be looked into.</summary>
    private bool Take(Value value, string path)
    {
        var depth = _eval.Depth;
        try
        {
            if (_eval.Force(value).AsSet is not { } set || !_eval.IsDerivation(set))
            {
                return false;
            }

            if (_seen.Add(set))
            {
                var found = new FoundDerivation(path, set);
                found.Name(_eval);
                _found.Add(found);
            }

            return true;
        }
        catch (EvaluationException failure) when (_ignoresAssertions && failure.IsCatchable)
        {
            _eval.Unwind(depth);
            return true;
        }
    }

    private static string Append(string path, string name) => path.Length == 0 ? name : path + "." + name;

    private static bool IsPlainName(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && (char.IsAsciiLetter((char)name[0]) || name[0] == '_')
        && name.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+"u8) < 0;
}
