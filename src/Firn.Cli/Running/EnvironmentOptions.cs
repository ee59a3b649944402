using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Running;

/// <summary>The options that say which variables a program gets.</summary>
internal sealed class EnvironmentOptions
{
    private const string Category = "Options that change environment variables";

    private readonly HashSet<string> _kept = [];
    private readonly HashSet<string> _unset = [];
    private readonly Dictionary<string, string> _set = [];
    private bool _ignores;

    public void Declare(Grammar grammar) => grammar
        .Flag("ignore-env", "Clear the entire environment, except for those specified with --keep-env-var.", () => _ignores = true, 'i', Category, ["ignore-environment"])
        .Value("keep-env-var", "name", "Keep the environment variable name, when using --ignore-env.", v => _kept.Add(v), 'k', Category, ["keep"])
        .Value("unset-env-var", "name", "Unset the environment variable name.", Unset, 'u', Category, ["unset"])
        .Pair("set-env-var", "name", "value", "Sets an environment variable name with value.", Set, 's', Category);

    /// <summary>Returns the variables.</summary>
    public SortedDictionary<string, string> Build()
    {
        if (_kept.Count > 0 && !_ignores)
        {
            throw new UsageException("--keep-env-var does not make sense without --ignore-env");
        }

        if (_unset.Count > 0 && _ignores)
        {
            throw new UsageException("--unset-env-var does not make sense with --ignore-env");
        }

        var variables = ProgramRun.Environment();
        foreach (var name in variables.Keys.Where(n => _ignores ? !_kept.Contains(n) : _unset.Contains(n)).ToList())
        {
            variables.Remove(name);
        }

        foreach (var (name, value) in _set)
        {
            variables[name] = value;
        }

        return variables;
    }

    private void Unset(string name)
    {
        if (_set.ContainsKey(name))
        {
            throw new UsageException($"Cannot unset environment variable '{name}' that is set with '--set-env-var'");
        }

        _unset.Add(name);
    }

    private void Set(string name, string value)
    {
        if (_unset.Contains(name))
        {
            throw new UsageException($"Cannot set environment variable '{name}' that is unset with '--unset-env-var'");
        }

        if (!_set.TryAdd(name, value))
        {
            throw new UsageException($"Duplicate definition of environment variable '{name}' with '--set-env-var' is ambiguous");
        }
    }
}
