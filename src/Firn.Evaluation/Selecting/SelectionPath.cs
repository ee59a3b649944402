using System.Globalization;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Selecting;

/// <summary>Finds values by paths such as <c>pkgs.hello</c>, <c>list.0</c> or <c>a."b.c"</c>, as <c>-A</c> takes them.</summary>
public static class SelectionPath
{
    /// <summary>Splits a path into its names.</summary>
    /// <exception cref="EvaluationException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Parse(string text, Evaluator eval)
    {
        var names = new List<string>();
        var name = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                names.Add(name.ToString());
                name.Clear();
            }
            else if (text[i] == '"')
            {
                var end = text.IndexOf('"', i + 1);
                if (end < 0)
                {
                    throw eval.Error(EvaluationErrors.BadArgument, 0, $"missing closing quote in selection path '{text}'");
                }

                name.Append(text, i + 1, end - i - 1);
                i = end;
            }
            else
            {
                name.Append(text[i]);
            }
        }

        if (name.Length > 0)
        {
            names.Add(name.ToString());
        }

        return names;
    }

    /// <summary>Follows a path from <paramref name="root"/>, calling functions on the way with <paramref name="arguments"/>.</summary>
    /// <exception cref="EvaluationException">Nothing is there.</exception>
    public static (Value Value, int Position) Find(Evaluator eval, string path, AttributeSet arguments, Value root)
    {
        var (value, position) = (root, 0);
        foreach (var name in Parse(path, eval))
        {
            value = AutomaticCall.Apply(eval, arguments, value);
            if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                var list = value.AsList ?? throw WrongKind(eval, path, "a list", value);
                value = index < list.Count
                    ? list.Items[(int)index]
                    : throw eval.Error(EvaluationErrors.MissingAttribute, 0, $"list index {index} in selection path '{path}' is out of range");
                continue;
            }

            var set = value.AsSet ?? throw WrongKind(eval, path, "a set", value);
            if (name.Length == 0)
            {
                throw eval.Error(EvaluationErrors.BadArgument, 0, $"empty attribute name in selection path '{path}'");
            }

            (value, position) = set.FindEntry(eval.Symbols.Intern(name).Id)
                ?? throw eval.MissingSelection(name, path, set);
        }

        return (value, position);
    }

    private static EvaluationException WrongKind(Evaluator eval, string path, string wanted, Value found) => eval.Error(
        EvaluationErrors.WrongType, 0, $"the expression selected by the selection path '{path}' should be {wanted} but is {found.Description}");
}
