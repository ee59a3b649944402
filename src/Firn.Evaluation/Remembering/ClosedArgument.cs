using System.Globalization;
using System.Text;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Remembering;

/// <summary>What a file's function is called with, where it is data: as text that tells it from all else, and as values of its own.</summary>
/// <remarks>
/// A platform that <c>lib.systems.elaborate</c> made has functions. They follow from its other attributes, as what else it was
/// parsed to does, and the package set elaborates what it is given once more: it is given the rest.
/// </remarks>
internal sealed class ClosedArgument
{
    private const int MostValues = 20_000;
    private const int MostNesting = 40;
    private const string PlatformFunction = "canExecute";

    private static readonly string[] _derived = ["parsed", "_withoutFunctions"];

    private readonly Evaluator _eval;
    private readonly string _platforms;
    private readonly string _library;
    private readonly StringBuilder _text = new();
    private readonly AttributeSet _given;
    private int _count;

    private ClosedArgument(Evaluator eval, AttributeSet given, string tree) =>
        (_eval, _given, _platforms, _library) = (eval, given, tree + "/lib/systems/default.nix", tree + "/lib/default.nix");

    public string Text => _text.ToString();

    /// <summary>Returns the argument as data; null when it is more than that, or fails.</summary>
    /// <param name="eval">The evaluator.</param>
    /// <param name="given">The argument.</param>
    /// <param name="tree">The folder in which <c>lib</c> is.</param>
    public static ClosedArgument? Find(Evaluator eval, AttributeSet given, string tree)
    {
        var argument = new ClosedArgument(eval, given, tree);
        return eval.TryQuietly(() => argument.Read(given, 0)) ? argument : null;
    }

    /// <summary>Returns the data in memory of its own.</summary>
    public Value Copy() => Copy(_given);

    private bool Read(Value value, int nesting)
    {
        value = _eval.Force(value);
        if (++_count > MostValues || nesting > MostNesting)
        {
            return false;
        }

        switch (value)
        {
            case { IsNull: true }:
                _text.Append('n');
                return true;
            case { AsBool: { } truth }:
                _text.Append(truth ? 't' : 'f');
                return true;
            case { AsInt: { } number }:
                _text.Append(CultureInfo.InvariantCulture, $"i{number};");
                return true;
            case { AsFloat: { } number }:
                _text.Append(CultureInfo.InvariantCulture, $"d{BitConverter.DoubleToInt64Bits(number)};");
                return true;
            case { AsString: { } text }:
                Add('s', Convert.ToHexString(text.Bytes));
                foreach (var element in text.Context?.Elements ?? [])
                {
                    Add('c', $"{element}");
                }

                return true;
            case { AsPath: { } path }:
                Add('p', path);
                return true;
            case { AsList: { } list }:
                _text.Append(CultureInfo.InvariantCulture, $"[{list.Count};");
                foreach (var item in list.Items)
                {
                    if (!Read(item, nesting + 1))
                    {
                        return false;
                    }
                }

                return true;
            case { AsSet: { } set }:
                return ReadSet(set, nesting);
            default:
                return false;
        }
    }

    private bool ReadSet(AttributeSet set, int nesting)
    {
        _text.Append('{');
        foreach (var (name, value) in Data(set))
        {
            Add('a', Convert.ToHexString(name.Bytes));
            if (!Read(value, nesting + 1))
            {
                return false;
            }
        }

        _text.Append('}');
        return true;
    }

    // The attributes of a set; of a platform those that the others follow from.
    private List<(Symbol Name, Value Value)> Data(AttributeSet set)
    {
        var all = set.ByName(_eval.Symbols).Select(a => (a.Name, a.Value)).ToList();
        return all.Exists(a => a.Name.ToString() == PlatformFunction && IsOfPlatform(_eval.Force(a.Value)))
            ? all.FindAll(a => !_derived.Contains(a.Name.ToString()) && !IsOfPlatform(_eval.Force(a.Value)))
            : all;
    }

    private void Add(char tag, string text) => _text.Append(CultureInfo.InvariantCulture, $"{tag}{text.Length}:{text}");

    // Whether it is a function that lib.systems makes of a platform, with the library as it is in the tree.
    private bool IsOfPlatform(Value value)
    {
        if (value.AsClosure is not { } closure
            || _eval.Sources.Find(closure.Code.Position)?.Origin is not SourceOrigin.File file || file.Path != _platforms
            || _eval.OpenFiles.FindKnown(_library) is not { } library)
        {
            return false;
        }

        var frame = closure.Environment;
        while (frame.Outer.Handle != 0 && frame.Outer.Outer.Handle != 0)
        {
            frame = frame.Outer;
        }

        var plain = _eval.Force(library);
        for (var place = 1; place < frame.Length; place++)
        {
            var variable = frame[place].Value;
            variable = variable.AsThunk is { Result: { } result } ? result : variable;
            if (variable.IsSet && variable == plain)
            {
                return true;
            }
        }

        return false;
    }

    private Value Copy(Value value)
    {
        value = _eval.Force(value);
        if (value.AsList is { } list)
        {
            return NixList.Of(list.Items.ToArray().Select(Copy).ToList());
        }

        if (value.AsSet is not { } set)
        {
            return value;
        }

        var copy = new AttributeSetBuilder(set.Count);
        foreach (var (name, data) in Data(set))
        {
            // Where it was written is no part of what it is.
            copy.Add(name, Copy(data));
        }

        return copy.Build(_eval.Shapes);
    }
}
