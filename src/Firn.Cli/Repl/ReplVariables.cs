using Firn.Cli.Evaluating;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Repl;

/// <summary>What the prompt's variables are loaded from: files, the values named on the command line, sets.</summary>
/// <param name="scope">The variables.</param>
/// <param name="output">Where it says what it loads.</param>
/// <param name="arguments">What functions in files are called with.</param>
/// <param name="flake">Evaluates a flake.</param>
/// <param name="values">Evaluates what was named on the command line, each with how it was named.</param>
internal sealed class ReplVariables(
    PromptScope scope, ReplOutput output, Func<AttributeSet> arguments, Func<string, Value> flake, Func<IEnumerable<(Value Value, string What)>> values)
{
    private const int MaxShown = 20;

    private readonly List<string> _files = [];
    private readonly List<string> _flakes = [];
    private IReadOnlyList<string>? _lastLoaded;

    /// <summary>Loads a file, and again whenever all is loaded anew.</summary>
    public void LoadFile(string file)
    {
        _files.Remove(file);
        _files.Add(file);
        var eval = scope.Evaluator;
        Add(scope.Attempt(() => AutomaticCall.Apply(
            eval, arguments(), eval.Files.EvaluateFile(SourceArguments.FileOf(eval, file.Length == 0 ? "." : file)))));
    }

    /// <summary>Loads a flake, and again whenever all is loaded anew.</summary>
    public void LoadFlake(string reference)
    {
        _flakes.Remove(reference);
        _flakes.Add(reference);
        Add(scope.Attempt(() => flake(reference)));
    }

    /// <summary>Loads everything that was loaded.</summary>
    public void LoadAll()
    {
        string[] files = [.. _files];
        _files.Clear();
        foreach (var file in files)
        {
            output.Notice($"Loading \"{file}\"...");
            LoadFile(file);
        }

        string[] flakes = [.. _flakes];
        _flakes.Clear();
        foreach (var reference in flakes)
        {
            output.Notice($"Loading flake '{reference}'...");
            LoadFlake(reference);
        }

        foreach (var (value, what) in values())
        {
            output.Notice($"Loading installable '{what}'...");
            Add(value);
        }
    }

    /// <summary>Forgets all variables and what files were evaluated to, and loads everything again.</summary>
    public void Reload()
    {
        scope.Evaluator.Files.Forget();
        scope.Clear();
        LoadAll();
    }

    /// <summary>Makes variables of a set's attributes.</summary>
    public void Add(Value value)
    {
        var set = scope.Attempt(() => PromptValues.ForceVariables(scope.Evaluator, value));
        scope.Add(set);
        _lastLoaded = PromptValues.Names(scope.Evaluator, set);
        output.Notice($"Added {_lastLoaded.Count} variables.");
        output.Notice(string.Join(", ", _lastLoaded.Take(MaxShown).Select(PromptScope.Written)));
        if (_lastLoaded.Count > MaxShown)
        {
            output.Notice($"... and {_lastLoaded.Count - MaxShown} more; view with :ll");
        }
    }

    /// <summary>Lists what was loaded last.</summary>
    public void ShowLastLoaded()
    {
        foreach (var name in _lastLoaded ?? throw new UsageException("nothing has been loaded yet"))
        {
            output.Line(name);
        }
    }
}
