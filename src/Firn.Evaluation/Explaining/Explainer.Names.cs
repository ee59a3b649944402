using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Syntax.Trees.AttributeSet;

namespace Firn.Evaluation.Explaining;

/// <summary>Names that mean nothing where they stand: variables, files.</summary>
internal sealed partial class Explainer
{
    private void ExplainUndefined(Node? site)
    {
        _primary.Text = "not defined here";
        if (site?.Tree.Expressions.OfType<Identifier>().FirstOrDefault(i => i.Start == _failure.Position) is not { } variable)
        {
            return;
        }

        var name = variable.Name.ToString();
        _primary = (variable.Start, variable.End, _primary.Text);
        if (OfOtherLanguages(name) is { } hint)
        {
            _hints.Clear();
            _hints.Add(hint);
        }
        else if (site.Tree.Source.Bytes is var bytes && variable.Start - site.Tree.Source.Base is > 0 and var at
            && (bytes[at - 1] == '"' || (variable.End - site.Tree.Source.Base is var end && end < bytes.Length && bytes[end] == '"')))
        {
            _hints.Clear();
            _hints.Add("A quote ends the string: inside one it is written \\\", or the string is written between two single quotes.");
        }
        else if (AroundWithoutRec(site.Tree, variable) is { } binding)
        {
            _labels.Add((binding.Start, binding.Start + name.Length, $"`{name}` is an attribute here, not a variable"));
            _hints.Add($"The attributes of a set see each other only when it is written `rec {{ … }}`; or define `{name}` with `let`.");
        }
        else if (name.Contains('-', StringComparison.Ordinal) && Parts(site.Tree, variable, name) is var (left, right))
        {
            _hints.Add($"`{name}` is one name; to subtract, put spaces around the operator: {left} - {right}.");
        }
        else if (_hints.Count == 0 && name is "pkgs" or "lib" or "config" or "options" or "modulesPath" && site.Tree.Root is Lambda { Formals: { } formals })
        {
            _hints.Add($"Add `{name}` to the arguments of the function at the top of the file: {{ {string.Join(", ", formals.Items.Select(f => f.Name.ToString()).Append(name))}, ... }}:");
        }
        else if (_hints.Count == 0 && Owners(name) is [_, ..] owners)
        {
            _hints.Add($"Perhaps {string.Join(" or ", owners)} is meant.");
        }
    }

    private static string? OfOtherLanguages(string word) => word switch
    {
        "and" => "Conditions are joined with `&&`: a && b.",
        "or" => "Conditions are joined with `||`: a || b.",
        "not" => "A condition is negated with `!`: !a.",
        "True" or "False" => $"It is written {word.ToLowerInvariant()}.",
        "None" or "nil" or "undefined" or "Null" or "NULL" => "The value for nothing is `null`.",
        "elif" or "elseif" or "elsif" => "A second condition is written `else if … then …`.",
        "function" or "lambda" or "fn" or "def" => "Functions are written `argument: body`.",
        "return" => "There is no `return`: the body of a function is the value that it gives.",
        _ => null,
    };

    // The set around it would have the name, were it recursive.
    private static Binding? AroundWithoutRec(SourceTree tree, Identifier variable)
    {
        for (Expression? at = tree.Parent(variable); at is not null; at = tree.Parent(at))
        {
            if (at is AttributeSet { IsRecursive: false } set && set.Bindings.Items.FirstOrDefault(b => ReferenceEquals(b.Name, variable.Name)) is { } binding
                && binding is not Binding.Inherited)
            {
                return binding;
            }
        }

        return null;
    }

    private static (string, string)? Parts(SourceTree tree, Identifier variable, string name)
    {
        for (var at = name.IndexOf('-'); at > 0 && at < name.Length - 1; at = name.IndexOf('-', at + 1))
        {
            var (left, right) = (name[..at], name[(at + 1)..]);
            if (IsKnown(left) && (IsKnown(right) || long.TryParse(right, out _)))
            {
                return (left, right);
            }
        }

        return null;

        bool IsKnown(string part)
        {
            for (var scope = tree.ScopeOf(variable) ?? tree.ScopeOf(tree.Root); scope is not null; scope = scope.Parent)
            {
                if (scope.Places.Keys.Any(symbol => symbol.ToString() == part))
                {
                    return true;
                }
            }

            return tree.Expressions.Any(e => e is LetIn let && let.Bindings.Items.Any(b => b.Name.ToString() == part)
                || e is Lambda lambda && (lambda.Argument?.ToString() == part || lambda.Formals?.Items.Any(f => f.Name.ToString() == part) == true));
        }
    }

    // `mkIf` for `lib.mkIf`: a builtin, or what the file itself takes from `lib` elsewhere.
    private List<string> Owners(string name) =>
        [.. _eval.Globals.Find(_eval.Symbols.Intern("builtins")) is { } builtins && Origins.Forced(builtins).AsSet?.Find(_eval.Symbols.Intern(name)) is not null
            ? (string[])[$"builtins.{name}"] : [],
            .. name.StartsWith("mk", StringComparison.Ordinal) || name is "optional" or "optionals" or "optionalString" or "optionalAttrs" or "types" or "literalExpression"
            ? (string[])[$"lib.{name}"] : []];

    /// <summary>A file that is not there: where its path was written.</summary>
    private void ExplainMissingFile(Node? site)
    {
        if (BuiltinArgument(0) is { } file)
        {
            Blame(_origins.Trace(file, true), "no such file", site, "read here");
        }

        var quoted = _message.IndexOf('\'', StringComparison.Ordinal) is >= 0 and var start && _message.IndexOf('\'', start + 1) is > 0 and var end
            ? _message[(start + 1)..end] : "";
        if ((_primary.Text.Length == 0 || !_trees.IsOwn(_primary.Start)) && quoted.StartsWith('/')
            && _trees.Own().SelectMany(t => t.Expressions.OfType<PathLiteral>()).FirstOrDefault(p => p.Path == quoted || p.Path + "/default.nix" == quoted) is { } literal)
        {
            _primary = (literal.Start, literal.End, "no such file");
        }

        if (quoted.EndsWith("/default.nix", StringComparison.Ordinal) && _hints.Count == 0)
        {
            _hints.Add("A folder is imported by its default.nix, and this one has none; name the file in it that is meant.");
        }

        if (_message.Contains("search path", StringComparison.Ordinal) && quoted.Length > 0)
        {
            var (first, rest) = quoted.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? (quoted[..slash], quoted[slash..]) : (quoted, "");
            var known = _eval.Options.SearchPath.Select(e => e.Prefix).Where(p => p.Length > 0).Distinct().ToList();
            if (Suggestions.Nearest(first, known) is [var near, ..] && near != first)
            {
                _hints.Add($"Did you mean <{near}{rest}>?");
            }
            else if (known.Count > 0)
            {
                _notes.Add($"The search path has {string.Join(", ", known)}.");
            }
        }
    }
}
