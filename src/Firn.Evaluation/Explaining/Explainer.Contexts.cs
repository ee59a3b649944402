using System.Text.RegularExpressions;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Syntax.Trees.AttributeSet;

namespace Firn.Evaluation.Explaining;

/// <summary>Failures deep in a library, of which only what the library says about its work leads back to the user's files.</summary>
internal sealed partial class Explainer
{
    [GeneratedRegex(@"definitions? from [`']([^'`]+)['`]")]
    private static partial Regex DefinitionsFrom { get; }

    [GeneratedRegex(@"the option [`']([^'`]+)['`]")]
    private static partial Regex OfOption { get; }

    [GeneratedRegex("module argument [`']([^'`]+)['`] in \"([^\"]+)\"")]
    private static partial Regex ModuleArgument { get; }

    [GeneratedRegex(@"[‘`']([a-zA-Z.]+)['’`]")]
    private static partial Regex QuotedName { get; }

    /// <summary>What the frames say that is meant for readers, innermost first.</summary>
    private IEnumerable<string> Remarks()
    {
        var count = 0;
        for (var i = _calls.Count - 1; i >= 0 && count < 40; i--)
        {
            if (_calls.ContextAt(i) is { } context && _eval.Describe(context) is { } doing)
            {
                count++;
                yield return doing;
            }
        }
    }

    /// <summary>Finds the definition that the module system was working on.</summary>
    private bool UseModuleContext()
    {
        string? file = null;
        string? option = null;
        foreach (var remark in Remarks())
        {
            file ??= DefinitionsFrom.Match(remark) is { Success: true } from ? from.Groups[1].Value : null;
            option ??= OfOption.Match(remark) is { Success: true } of && !of.Groups[1].Value.StartsWith("_module", StringComparison.Ordinal) ? of.Groups[1].Value : null;
        }

        if (file is null || _eval.Sources.All().LastOrDefault(s => s.Origin.ToString() == file) is not { } source
            || _trees.LibraryOf(source) is not null || _trees.For(source) is not { } tree)
        {
            return false;
        }

        // A function that the message names, such as mkIf.
        var name = QuotedName.Match(_message) is { Success: true } quoted ? quoted.Groups[1].Value.Split('.')[^1] : "";
        var calls = tree.Expressions.OfType<Call>().Where(c => Origins.NameOf(c.Function) == name).ToList();
        if ((calls.FirstOrDefault(c => c.Arguments[0] is StringLiteral or IntegerLiteral or ListLiteral or AttributeSet) ?? calls.FirstOrDefault()) is { } call)
        {
            _primary = (call.Start, call.End, "in this call");
            if (name == "mkIf")
            {
                _primary = (call.Arguments[0].Start, call.Arguments[0].End, $"this condition is {Kinds(call.Arguments[0])}, not a Boolean");
                _hints.Add("The first argument of lib.mkIf is a condition: true, false, or an expression that gives one of them.");
            }

            return true;
        }

        if (option is not null && FindDefinitions(file, SplitPath(option)) is [var first, ..])
        {
            _primary = (first.Start, first.End, $"while evaluating `{option}`");
            return true;
        }

        return false;
    }

    /// <summary>Nobody gives the modules an argument that one of them takes: where it takes it.</summary>
    private bool ExplainModuleArgument(string name)
    {
        if (!Remarks().Any(r => r.Contains($"argument `{name}` is not externally provided", StringComparison.Ordinal)))
        {
            return false;
        }

        _hints.Add($"Nobody gives the modules an argument `{name}`: pass it by specialArgs, or set _module.args.{name}.");
        foreach (var remark in Remarks())
        {
            if (ModuleArgument.Match(remark) is { Success: true } match && match.Groups[1].Value == name
                && _eval.Sources.All().LastOrDefault(s => s.Origin.ToString() == match.Groups[2].Value) is { } source
                && _trees.LibraryOf(source) is null && _trees.For(source)?.Root is Lambda { Formals: { } formals }
                && formals.Items.FirstOrDefault(f => f.Name.ToString() == name) is { } formal)
            {
                _primary = (formal.Start, formal.Start + name.Length, $"nobody gives the modules `{name}`");
                return true;
            }
        }

        return false;
    }

    private static string Kinds(Expression expression) => expression switch
    {
        StringLiteral or Interpolation { IsString: true } => "a string",
        IntegerLiteral or FloatLiteral => "a number",
        ListLiteral => "a list",
        AttributeSet => "a set",
        Lambda => "a function",
        _ => "no condition",
    };

    /// <summary>A module that needs <c>config</c> to say what it is made of: where it does so.</summary>
    private bool ExplainModuleCycle()
    {
        foreach (var remark in Remarks())
        {
            if (ModuleArgument.Match(remark) is { Success: true } match
                && _eval.Sources.All().LastOrDefault(s => s.Origin.ToString() == match.Groups[2].Value) is { } source
                && _trees.LibraryOf(source) is null && _trees.For(source) is { } tree
                && Deciding(tree, match.Groups[1].Value) is { } deciding)
            {
                var name = match.Groups[1].Value;
                _primary = (SourceTree.StartOf(deciding), deciding.End, $"what this module is made of depends on `{name}` here");
                _hints.Add($"What a module defines must be known before `{name}` is: instead of `if {name}.x then {{ … }}` write `lib.mkIf {name}.x {{ … }}`, and import always.");
                return true;
            }
        }

        return false;
    }

    // What is computed to know which definitions there are, as opposed to what they are.
    private static Expression? Deciding(SourceTree tree, string name)
    {
        var pending = new Stack<Expression>([tree.Root]);
        while (pending.TryPop(out var at))
        {
            Expression[] next = at switch
            {
                Lambda lambda => [lambda.Body],
                LetIn let => [let.Body],
                With with => [with.Body],
                Assert assert => [assert.Body],
                Conditional choice when Mentions(choice.Condition) => [],
                Conditional choice => [choice.Then, choice.Else],
                Operation { Operator: Operator.Update } update => [update.Left, update.Right],
                AttributeSet set => [.. set.Bindings.Items.OfType<Binding.Plain>().Where(b => b.Name.ToString() is "imports" or "config" or "options").Select(b => b.Value)],
                _ => [],
            };
            switch (at)
            {
                case Conditional choice when Mentions(choice.Condition):
                    return choice.Condition;
                case Lambda or LetIn or With or Assert or Conditional or AttributeSet or Operation { Operator: Operator.Update }:
                    break;
                case Call { Function: var function } when Origins.NameOf(function) is "mkIf" or "mkMerge" or "mkForce" or "mkDefault":
                    break;
                default:
                    if (Mentions(at))
                    {
                        return at;
                    }

                    break;
            }

            foreach (var child in next.Reverse())
            {
                pending.Push(child);
            }
        }

        return null;

        bool Mentions(Expression expression)
        {
            var inside = new Stack<Expression>([expression]);
            while (inside.TryPop(out var next))
            {
                if (next is Identifier variable && variable.Name.ToString() == name)
                {
                    return true;
                }

                foreach (var child in SourceTree.Children(next))
                {
                    inside.Push(child);
                }
            }

            return false;
        }
    }
}
