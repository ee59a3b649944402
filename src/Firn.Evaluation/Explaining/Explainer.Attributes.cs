using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Evaluation.Values.AttributeSet;

namespace Firn.Evaluation.Explaining;

/// <summary>Attributes that a set has not: which of the two spellings is wrong, or which set is the odd one.</summary>
internal sealed partial class Explainer
{
    private void ExplainMissingAttribute(Node? site)
    {
        var (name, set) = (_failure.Name!.ToString(), _failure.Set!.Value);
        _primary.Text = $"there is no `{name}` in this set";
        if (_failure.Position > 0 && _trees.For(_failure.Position)?.StepAt(_failure.Position) is var (select, step) && _trees.IsOwn(_failure.Position))
        {
            if (_trees.For(_failure.Position)!.TextBefore(select, step) is { Length: < 40 } around)
            {
                _primary.Text = $"there is no `{name}` in `{around}`";
            }

            _primary = (select.Path[step].Start, select.Path[step].End, _primary.Text);
            if (select.Path[step].Dynamic is { } computed && site is not null && BlameName(site with { Expression = computed }))
            {
                return;
            }
        }

        if (!_trees.IsOwn(_primary.Start) && ExplainModuleArgument(name))
        {
            return;
        }

        var names = set.ByName(_eval.Symbols).ToList();
        var near = _failure.IsNameFixed ? Looser(name, names.Where(a => a.Position > 0 && _trees.IsOwn(a.Position)).Select(a => a.Name.ToString())) : Suggestions.Nearest(name, names.Select(a => a.Name.ToString()));
        if (near.Count > 0)
        {
            var (_, _, position) = names.First(a => a.Name.ToString() == near[0]);
            if (position > 0 && _trees.IsOwn(position))
            {
                // Who wrote the rarer of two spellings made the mistake; very short names are not spellings of each other.
                if (_failure.IsNameFixed || (name.Length > 2 && Count(near[0]) < Count(name)))
                {
                    (var before, _primary) = (_primary, (position, position + near[0].Length, $"`{near[0]}`: did you mean `{name}`?"));
                    _labels.Add((before.Start, before.End, $"`{name}` is needed here"));
                    return;
                }

                _labels.Add((position, position + near[0].Length, $"`{near[0]}` is defined here"));
            }

            return;
        }

        var first = names.Select(a => a.Position).Where(p => p > 0 && _trees.IsOwn(p)).DefaultIfEmpty().Min();
        if (first > 0)
        {
            if (_failure.IsNameFixed)
            {
                ExplainDerivation();
                return;
            }

            if (IsOddOneOut(set, _failure.Name!))
            {
                (var before, _primary) = (_primary, (first, first, $"this set has no `{name}`, others beside it have"));
                _labels.Add((before.Start, before.End, $"`{name}` is needed here"));
                return;
            }

            _labels.Add((first, first, "the set is made here"));
        }

        if (names.Count is > 0 and <= 12)
        {
            _notes.Add($"The set has the attributes {string.Join(", ", names.Select(a => a.Name))}.");
        }

        _ = site;
    }

    // `set.${name}`: who wrote the name may have written it wrong.
    private bool BlameName(Node name)
    {
        var origin = _origins.Trace(name, true);
        if (origin is not { Node.Expression: StringLiteral, Kind: not DefinitionKind.None } || !_trees.IsOwn(origin.Start) || SameLine(origin.Start, _primary.Start))
        {
            return false;
        }

        _labels.Add((_primary.Start, _primary.End, "looked for here"));
        _primary = (origin.Start, origin.End, _primary.Text);
        return true;
    }

    // Of several sets in a list or set, this one lacks what others have.
    private bool IsOddOneOut(AttributeSet set, Symbol name)
    {
        foreach (var body in _calls.Bodies(_calls.Count - 1))
        {
            foreach (var mention in _origins.Mentions(body))
            {
                var siblings = _origins.Peek(mention) switch
                {
                    { AsList: { } list } => list.Items.ToArray().Select(i => Origins.Forced(i)).ToList(),
                    { AsSet: { } around } when around.Count < 2000 => around.ByName(_eval.Symbols).Select(a => Origins.Forced(a.Value)).ToList(),
                    _ => [],
                };
                if (siblings.Contains(set))
                {
                    return siblings.Any(s => s.AsSet?.Find(name) is not null);
                }
            }
        }

        return false;
    }

    private int Count(string word)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(word);
        var count = 0;
        foreach (var source in _trees.Own().Select(t => t.Source))
        {
            for (var at = 0; source.Bytes.AsSpan(at).IndexOf(bytes) is >= 0 and var next; at += next + bytes.Length)
            {
                var (start, end) = (at + next, at + next + bytes.Length);
                count += (start == 0 || !IsLetter(source.Bytes[start - 1])) && (end == source.Bytes.Length || !IsLetter(source.Bytes[end])) ? 1 : 0;
            }
        }

        return count;

        static bool IsLetter(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-' or (byte)'\'';
    }
}
