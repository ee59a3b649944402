using Firn.Cli.Parsing;
using Firn.Flakes.References;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Stores;

namespace Firn.Cli.Installables;

/// <summary>The arguments and options by which commands are told what to work on.</summary>
internal sealed class InstallableOptions
{
    private readonly Dictionary<FlakeReference, FlakeSource> _sources = [];
    private bool _readsInput;

    /// <summary>What stands on the line.</summary>
    public List<string> Arguments { get; } = [];

    public ExpressionOptions Expressions { get; } = new();

    /// <summary>Whether nothing to work on was given.</summary>
    public bool IsEmpty => Arguments.Count == 0 && !_readsInput && !Expressions.IsGiven;

    /// <summary>Adds the options and takes all positional arguments.</summary>
    public void Declare(Grammar grammar, bool takesArguments = true)
    {
        Expressions.Declare(grammar);
        Flakes.Declare(grammar);
        if (takesArguments)
        {
            grammar
                .Flag("stdin", "Read installables from the standard input. No default installable applied.", () => _readsInput = true)
                .Rest("installables", Arguments.Add);
        }
    }

    /// <summary>Where the attribute is that a flake reference without a fragment means.</summary>
    public FlakeAttributes Attributes { get; init; } = FlakeAttributes.Packages;

    /// <summary>How flakes are locked.</summary>
    public FlakeOptions Flakes { get; } = new();

    /// <summary>Turns what was given into installables.</summary>
    public IReadOnlyList<Installable> Parse(Session session, bool isReadOnly = false)
    {
        if (_readsInput)
        {
            using var input = new StreamReader(Console.OpenStandardInput());
            Arguments.AddRange(input.ReadToEnd().Split([' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries));
        }

        if (Expressions.IsGiven)
        {
            return Expressions.Parse(session, Arguments, isReadOnly);
        }

        return Arguments.Count == 0 && !_readsInput
            ? [ParseOne(session, ".", isReadOnly)]
            : [.. Arguments.Select(a => ParseOne(session, a, isReadOnly))];
    }

    /// <summary>Turns one text into an installable.</summary>
    public Installable ParseOne(Session session, string text, bool isReadOnly = false)
    {
        if (Expressions.IsGiven)
        {
            return Expressions.Parse(session, [text], isReadOnly)[0];
        }

        var mark = text.LastIndexOf('^');
        var (path, outputs) = mark < 0 ? (text, null) : (text[..mark], text[(mark + 1)..]);
        if (path.Contains('/') && StorePathLookup.TryFollow(session.StoreDirectory, text.Split('^')[0]) is { } storePath)
        {
            return new StoreInstallable(text, mark < 0
                ? new DerivedPath.Opaque(storePath)
                : DerivedPath.Parse(session.StoreDirectory.Absolute(storePath) + text[text.IndexOf('^')..], session.StoreDirectory));
        }

        if (Expressions.Evaluation.HasArguments)
        {
            throw new UsageException("'--arg' and '--argstr' are incompatible with flakes");
        }

        var (reference, fragment) = session.Flakes.ParseWithFragment(path);
        if (!_sources.TryGetValue(reference, out var source))
        {
            source = new FlakeSource(session, reference, Flakes.Build(session), Expressions.Evaluation, isReadOnly);
            _sources.Add(reference, source);
        }

        return new FlakeInstallable(source, text, Attributes.PathsOf(fragment, session.Get<Firn.Building.BuildSettings>().System), outputs is null ? null : OutputsSpec.Parse(outputs));
    }
}
