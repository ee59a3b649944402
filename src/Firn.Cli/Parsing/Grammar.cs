using Firn.Model.Diagnostics;

namespace Firn.Cli.Parsing;

/// <summary>What a command understands on its command line.</summary>
internal sealed class Grammar
{
    private readonly List<Option> _options = [];
    private readonly List<(string Label, bool IsOptional, bool Repeats, Action<string> Apply)> _positions = [];

    public IReadOnlyList<Option> Options => _options;

    /// <summary>The positional arguments as the help shows them.</summary>
    public IEnumerable<string> Positions =>
        _positions.Select(p => (p.IsOptional || p.Repeats ? $"[{p.Label}" : $"<{p.Label}") + (p.Repeats ? "...]" : p.IsOptional ? "]" : ">"));

    /// <summary>What the help calls each positional argument, and whether it may be missing.</summary>
    public IEnumerable<(string Label, bool IsOptional)> Labels => _positions.Select(p => (p.Label, p.IsOptional));

    /// <summary>Whether everything after the first positional argument is positional, as for <c>nix run</c>.</summary>
    public bool StopsAtFirstPosition { get; set; }

    /// <summary>Whether <c>-abc</c> is three options; the old commands and the new ones say yes, scripts' interpreters no.</summary>
    public bool SplitsShortOptions { get; set; } = true;

    /// <summary>Whether options that nobody knows are passed over.</summary>
    public bool IgnoresUnknown { get; set; }

    /// <summary>How an option that nobody knows is called; the old programs call it otherwise than the new one.</summary>
    public string UnknownMessage { get; set; } = "unrecognised flag";

    /// <summary>The options that are settings end up here, in order.</summary>
    public Action<string, string> ApplySetting { get; set; } = (_, _) => { };

    /// <summary>Adds an option without argument.</summary>
    public Grammar Flag(string name, string description, Action apply, char shortName = '\0', string category = "", string[]? aliases = null) =>
        Add(new Option(name, shortName, [], description, _ => apply()) { Category = category, Aliases = aliases ?? [] });

    /// <summary>Adds an option with one argument.</summary>
    public Grammar Value(string name, string label, string description, Action<string> apply, char shortName = '\0', string category = "", string[]? aliases = null) =>
        Add(new Option(name, shortName, [label], description, a => apply(a[0])) { Category = category, Aliases = aliases ?? [] });

    /// <summary>Adds an option with two arguments.</summary>
    public Grammar Pair(string name, string first, string second, string description, Action<string, string> apply, char shortName = '\0', string category = "", string[]? aliases = null) =>
        Add(new Option(name, shortName, [first, second], description, a => apply(a[0], a[1])) { Category = category, Aliases = aliases ?? [] });

    /// <summary>Adds an option; one of the same name that is there already gives way, and one with the same letter gives that up.</summary>
    /// <remarks>So a command's own <c>-k</c> is what it says, whatever <c>-k</c> means to all commands.</remarks>
    public Grammar Add(Option option)
    {
        _options.RemoveAll(o => o.Name == option.Name);
        if (option.Short != '\0' && _options.FindIndex(o => o.Short == option.Short) is >= 0 and var at)
        {
            _options[at] = _options[at] with { Short = '\0' };
        }

        _options.Add(option);
        return this;
    }

    /// <summary>Adds a positional argument that must be there.</summary>
    public Grammar Position(string label, Action<string> apply)
    {
        _positions.Add((label, false, false, apply));
        return this;
    }

    /// <summary>Adds a positional argument that may be missing.</summary>
    public Grammar OptionalPosition(string label, Action<string> apply)
    {
        _positions.Add((label, true, false, apply));
        return this;
    }

    /// <summary>Takes all further positional arguments.</summary>
    public Grammar Rest(string label, Action<string> apply)
    {
        _positions.Add((label, true, true, apply));
        return this;
    }

    /// <summary>Returns what the help calls a positional argument, or null when none is taken there.</summary>
    public string? LabelAt(int position) =>
        position < _positions.Count ? _positions[position].Label : _positions is [.., { Repeats: true } last] ? last.Label : null;

    /// <summary>Finds an option as it is typed, dashes included.</summary>
    public Option? Find(string typed) => typed.StartsWith("--", StringComparison.Ordinal)
        ? _options.Find(o => o.Name == typed[2..] || o.Aliases.Contains(typed[2..]))
        : _options.Find(o => o.Short != '\0' && typed.Length == 2 && o.Short == typed[1]);

    /// <summary>Hands positional arguments to those who take them.</summary>
    /// <exception cref="UsageException">There are too few or too many.</exception>
    public void TakePositions(IReadOnlyList<string> arguments)
    {
        var next = 0;
        foreach (var argument in arguments)
        {
            if (next == _positions.Count)
            {
                throw new UsageException($"unexpected argument '{argument}'");
            }

            _positions[next].Apply(argument);
            next += _positions[next].Repeats ? 0 : 1;
        }

        if (next < _positions.Count && !_positions[next].IsOptional)
        {
            throw new UsageException($"required argument '{_positions[next].Label}' is missing");
        }
    }
}
