using System.Text.RegularExpressions;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Errors of Nixpkgs' module system: the option's path, its definitions and its declaration as places.</summary>
internal sealed partial class Explainer
{
    [GeneratedRegex(@"(?:option|for) [`']([^'`\n]+)['`]")]
    private static partial Regex OptionName { get; }

    [GeneratedRegex(@"^- In `([^'\n]+)'(?::\s*(.*))?$", RegexOptions.Multiline)]
    private static partial Regex DefinitionLine { get; }

    [GeneratedRegex("\\.\"\\[definition [0-9]+-entry ([0-9]+)\\]\"")]
    private static partial Regex Entry { get; }

    [GeneratedRegex(@"is not of type [`']([^\n]*?)['`](?:\.|,| and)")]
    private static partial Regex TypeName { get; }

    [GeneratedRegex(@"[`']([^'`\n]+)['`] (?:and|or) [`']|[iI]n module [`']([^'`\n]+)['`]|[Mm]odule [`']([^'`\n]+)['`]")]
    private static partial Regex ModuleName { get; }

    /// <summary>Explains a message of the module system; false when it is none.</summary>
    private bool ExplainModule()
    {
        if (_trees.IsOwn(_primary.Start) || !OptionName.IsMatch(_message))
        {
            return _primary.Start > 0 && !_trees.IsOwn(_primary.Start) && ExplainModuleFile();
        }

        var option = OptionName.Match(_message).Groups[1].Value;
        var entry = Entry.Match(option);
        option = entry.Success ? option[..entry.Index] : option;
        var path = SplitPath(option);
        var definitions = DefinitionLine.Matches(_message)
            .GroupBy(m => m.Groups[1].Value)
            .SelectMany(file =>
            {
                var texts = file.Select(m => m.Groups[2].Value).ToList();
                var places = FindDefinitions(file.Key, path).DistinctBy(d => d.Start).OrderBy(d => d.Start).ToList();
                return places.Select((place, i) => (Place: place, Text: places.Count == texts.Count ? texts[i] : texts.Count == 1 ? texts[0] : ""));
            })
            .DistinctBy(d => d.Place.Start)
            .ToList();
        if (definitions.Count == 0)
        {
            definitions = [.. FindDefinitions("", path).Select(d => (d, "")).DistinctBy(d => d.d.Start)];
        }

        var shown = $"`{option}`";
        if (entry.Success)
        {
            var index = int.Parse(entry.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            definitions = [.. definitions.Select(d => d.Place.Value is ListLiteral list && index <= list.Items.Length && list.Items[index - 1] is var item
                ? (new OptionPlace(SourceTree.StartOf(item), item.End, item, d.Place.Matched), d.Text) : d)];
            shown = $"item {index} of {shown}";
        }

        var declaration = FindDeclaration(path);
        if (_message.Contains("read-only", StringComparison.Ordinal) && declaration is { } own)
        {
            // Who declares a read-only option sets it; the other one is too many.
            definitions = [.. definitions.OrderBy(d => _trees.For(d.Place.Start) == _trees.For(own.Start) ? 1 : 0)];
        }

        var what = What(shown, definitions.Count > 0 ? definitions[0].Text : "");
        if (definitions.Count > 0)
        {
            var first = definitions[0].Place;
            _primary = (first.Start, first.End, what);
            foreach (var (place, text) in definitions.Skip(1))
            {
                _labels.Add((place.Start, place.End, text.Length > 0 ? $"and here: {text}" : "and here"));
            }
        }
        else if (declaration is { } only)
        {
            _primary = DefaultOf(only.Start) is { } value && TypeName.IsMatch(_message)
                ? (SourceTree.StartOf(value), value.End, what)
                : (only.Start, only.End, _message.Contains("no value", StringComparison.Ordinal) || _message.Contains("not defined", StringComparison.Ordinal)
                ? $"`{option}` is declared here, without a default, and nothing sets it" : what);
        }
        else
        {
            return true;
        }

        if (declaration is { } declared && declared.Start != _primary.Start)
        {
            _labels.Add((declared.Start, declared.End, "the option is declared here"));
        }

        HintAtOption(option, path, definitions.Count > 0 ? definitions[0].Place.Value : null);
        return true;
    }

    private string What(string option, string value)
    {
        if (_message.Contains("does not exist", StringComparison.Ordinal))
        {
            return $"there is no option {option}";
        }

        if (TypeName.Match(_message) is { Success: true } type)
        {
            value = value switch
            {
                "[" => "a list",
                "{" => "a set",
                "''" => "a string",
                "<function>" => "a function",
                _ => value,
            };
            return $"{option} must be of the type {type.Groups[1].Value}{(value.Length > 0 ? $", but this is {value}" : "")}";
        }

        return _message.Contains("conflicting", StringComparison.Ordinal) ? $"{option} is set here"
            : _message.Contains("read-only", StringComparison.Ordinal) ? $"{option} is read-only, and has its value already"
            : $"about {option}";
    }

    private void HintAtOption(string option, string[] path, Expression? value)
    {
        if ((value as ListLiteral ?? (value is null ? null : _trees.For(value.Start)?.Parent(value) as ListLiteral)) is { } list && _trees.For(list.Start) is { } tree)
        {
            for (var i = 0; i < list.Items.Length - 1; i++)
            {
                if (LooksLikeFunction(list.Items[i]))
                {
                    _hints.Add($"A call in a list needs parentheses: ({tree.Text(list.Items[i])} {tree.Text(list.Items[i + 1], 30)} …).");
                    return;
                }
            }
        }

        var type = TypeName.Match(_message).Groups[1].Value;
        if (value is StringLiteral text)
        {
            var written = System.Text.Encoding.UTF8.GetString(text.Value);
            if ((type.Contains("bool", StringComparison.Ordinal) && written is "true" or "false")
                || (type.Contains("integer", StringComparison.Ordinal) && long.TryParse(written, out _)))
            {
                _hints.Add($"Write {written} without quotes.");
            }
            else if (type.StartsWith("list of", StringComparison.Ordinal))
            {
                _hints.Add($"A list with it as its only item is written [ \"{written}\" ].");
            }
        }

        if (type.StartsWith("one of ", StringComparison.Ordinal) && value is StringLiteral { Value: var chosen }
            && Model.Text.Suggestions.Hint(
                System.Text.Encoding.UTF8.GetString(chosen), Regex.Matches(type, "\"([^\"]*)\"").Select(choice => choice.Groups[1].Value)) is { } choose)
        {
            _hints.Add(choose);
        }

        if (_message.Contains("does not exist", StringComparison.Ordinal) && !_message.Contains("Did you mean", StringComparison.Ordinal))
        {
            var last = path[^1];
            var near = Declarations().Select(d => d.Name).Distinct().Where(n => n != last);
            if (Model.Text.Suggestions.Hint(last, near) is { } hint)
            {
                _hints.Add(hint);
            }
        }

        if (_message.Contains("conflicting", StringComparison.Ordinal) && !_message.Contains("mkForce", StringComparison.Ordinal))
        {
            _hints.Add($"Set `{option}` once, or let one definition win with lib.mkForce, or the other lose with lib.mkDefault.");
        }
    }

    // Messages such as “module FILE does not look like a module” name a file but no option.
    private bool ExplainModuleFile()
    {
        var names = ModuleName.Matches(_message).SelectMany(m => m.Groups.Values.Skip(1)).Select(g => g.Value).Where(v => v.Length > 0);
        foreach (var name in names)
        {
            var file = name.Split(", via")[0].Split(":anon")[0];
            if (_eval.Sources.All().FirstOrDefault(s => s.Origin.ToString() == file) is { } source && _trees.LibraryOf(source) is null && _trees.For(source) is { } tree)
            {
                var attribute = Regex.Match(_message, "unsupported attribute `([^']+)'").Groups[1].Value;
                var binding = attribute.Length == 0 ? null : tree.Bindings.Where(b => b.Binding.Name.ToString() == attribute).Select(b => b.Binding).OrderBy(b => b.Start).FirstOrDefault();
                var start = binding?.Start ?? SourceTree.StartOf(tree.Root);
                _primary = (start, binding is null ? start : start + attribute.Length, binding is null ? "this module" : $"`{attribute}` stands beside `config` or `options`");
                return true;
            }
        }

        return false;
    }

    private sealed record OptionPlace(int Start, int End, Expression? Value, int Matched);

    /// <summary>Finds where an option is set: in the module <paramref name="file"/>, or in any of the user's when that has no name.</summary>
    private List<OptionPlace> FindDefinitions(string file, string[] path)
    {
        file = file.Split(", via option")[0];
        file = file.Contains(":anon-", StringComparison.Ordinal) ? file[..file.IndexOf(":anon-", StringComparison.Ordinal)] : file;
        var source = _eval.Sources.All().LastOrDefault(s => s.Origin is Model.Diagnostics.SourceOrigin.File known && known.Path == file);
        source ??= _eval.Sources.All().LastOrDefault(s => s.Origin.ToString() == file + "/default.nix");
        var trees = source is not null && _trees.For(source) is { } tree ? [tree] : _trees.Own().ToList();
        var found = trees.SelectMany(t => Definitions(t, path)).ToList();
        var best = found.Count == 0 ? 0 : found.Max(f => f.Matched);

        // Submodules and computed names hide the first steps of the path, or the last.
        return best < Math.Min(path.Length, source is null ? path.Length : 1) ? [] : [.. found.Where(f => f.Matched == best)];
    }

    private static IEnumerable<OptionPlace> Definitions(SourceTree tree, string[] path)
    {
        foreach (var set in tree.Expressions.OfType<AttributeSet>())
        {
            // Only sets that are no attribute of another set start a path.
            if (tree.Parent(set) is AttributeSet && tree.BindingOf(set)?.Name.ToString() != "config")
            {
                continue;
            }

            if (Find(tree, set, path, 0) is { } place)
            {
                yield return place;
            }

            foreach (var more in Wrapped(tree, set, path))
            {
                yield return more;
            }
        }
    }

    private static IEnumerable<OptionPlace> Wrapped(SourceTree tree, AttributeSet set, string[] path)
    {
        // services.x = mkIf c { y = …; }: the inner set starts below the path of the attribute that it is wrapped for.
        var prefix = new List<string>();
        for (Expression at = set; tree.Parent(at) is { } parent; at = parent)
        {
            if (tree.BindingOf(at) is { } binding && parent is AttributeSet)
            {
                prefix.Insert(0, binding.Name.ToString());
            }
            else if (parent is Lambda or LetIn)
            {
                break;
            }
        }

        if (prefix.Count > 0 && prefix[0] == "config")
        {
            prefix.RemoveAt(0);
        }

        if (prefix.Count > 0 && prefix.Count < path.Length && prefix.SequenceEqual(path.Take(prefix.Count))
            && tree.Parent(set) is not AttributeSet && Find(tree, set, path, prefix.Count) is { } place)
        {
            yield return place;
        }
    }

    private static OptionPlace? Find(SourceTree tree, AttributeSet set, string[] path, int from)
    {
        OptionPlace? best = null;
        Expression? value = set;
        for (var i = from; i < path.Length && value is AttributeSet inner; i++)
        {
            var plain = inner.Bindings.Items.FirstOrDefault(b => b.Name.ToString() == path[i]);
            var dynamic = plain is null ? inner.Bindings.Dynamic.FirstOrDefault() : null;
            if (plain is null && dynamic is null)
            {
                break;
            }

            value = plain is Binding.Plain bound ? bound.Value : dynamic?.Value;
            best = value is not null and not AttributeSet
                ? new OptionPlace(SourceTree.StartOf(value), value.End, value, i + 1)
                : new OptionPlace(plain?.Start ?? dynamic!.Start, (plain?.Start ?? dynamic!.Start) + path[i].Length, value, i + 1);
        }

        return best;
    }

    private (int Start, int End)? FindDeclaration(string[] path)
    {
        // An attribute of an option that is a set of values has no declaration of its own.
        for (var length = path.Length; length > 0; length--)
        {
            var declared = Declarations().Where(d => d.Name == path[length - 1]).ToList();
            var near = declared.Where(d => length < 2 || d.Parent is null || path.Contains(d.Parent));
            var best = (length == path.Length ? near.Concat(declared) : near).FirstOrDefault();
            if (best.Name is not null)
            {
                return (best.Start, EndOfPath(best.Start));
            }
        }

        return null;
    }

    // `options.a.b = …` is declared at its first name.
    private int EndOfPath(int start)
    {
        var source = _eval.Sources.Find(start)!;
        var text = source.Bytes.AsSpan((start - source.Base)..);
        return start + (text.IndexOf((byte)'=') is > 0 and var length ? text[..length].TrimEnd(" \n"u8).Length : 0);
    }

    private Expression? DefaultOf(int declaration) =>
        _trees.For(declaration)?.Expressions.OfType<AttributeSet>().SelectMany(s => s.Bindings.Items).OfType<Binding.Plain>()
            .FirstOrDefault(b => b.Start == declaration && b.Value is Call) is { Value: Call { Arguments: [AttributeSet option] } } ? Bound(option, "default") : null;

    // What is bound to a call of mkOption and its like.
    private IEnumerable<(string Name, string? Parent, int Start)> Declarations()
    {
        foreach (var source in _eval.Sources.All().Where(s => s.Bytes.AsSpan().IndexOf("Option"u8) >= 0 && _trees.LibraryOf(s) != "nixpkgs/lib"))
        {
            if (_trees.For(source) is not { } tree)
            {
                continue;
            }

            foreach (var set in tree.Expressions.OfType<AttributeSet>())
            {
                foreach (var binding in set.Bindings.Items)
                {
                    if (binding is Binding.Plain { Value: Call { Function: var function } } && Origins.NameOf(function) is "mkOption" or "mkEnableOption" or "mkPackageOption")
                    {
                        yield return (binding.Name.ToString(), tree.BindingOf(set)?.Name.ToString(), binding.Start);
                    }
                }
            }
        }
    }

    private static string[] SplitPath(string option)
    {
        var parts = new List<string>();
        foreach (Match match in Regex.Matches(option, "\"([^\"]*)\"|[^.\"]+"))
        {
            parts.Add(match.Groups[1].Success ? match.Groups[1].Value : match.Value);
        }

        return parts.Count == 0 ? [option] : [.. parts];
    }
}
