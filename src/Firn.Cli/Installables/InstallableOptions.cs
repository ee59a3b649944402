using Firn.Cli.Parsing;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Stores;

namespace Firn.Cli.Installables;

/// <summary>The arguments and options by which commands are told what to work on.</summary>
internal sealed class InstallableOptions
{
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
        if (takesArguments)
        {
            grammar
                .Flag("stdin", "Read installables from the standard input. No default installable applied.", () => _readsInput = true)
                .Rest("installables", Arguments.Add);
        }
    }

    /// <summary>Turns what was given into installables.</summary>
    public IReadOnlyList<Installable> Parse(Session session)
    {
        if (_readsInput)
        {
            using var input = new StreamReader(Console.OpenStandardInput());
            Arguments.AddRange(input.ReadToEnd().Split([' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries));
        }

        if (Expressions.IsGiven)
        {
            return Expressions.Parse(session, Arguments);
        }

        return Arguments.Count == 0 && !_readsInput
            ? throw new UsageException("nothing to work on was given", "Give a path in the store, or an expression by '--file' or '--expr'.")
            : [.. Arguments.Select(a => ParseOne(session, a))];
    }

    /// <summary>Turns one text into an installable.</summary>
    public Installable ParseOne(Session session, string text)
    {
        if (Expressions.IsGiven)
        {
            return Expressions.Parse(session, [text])[0];
        }

        var mark = text.IndexOf('^', StringComparison.Ordinal);
        var (path, outputs) = mark < 0 ? (text, null) : (text[..mark], text[(mark + 1)..]);
        if (!path.Contains('/'))
        {
            throw new UsageException(
                $"'{text}' is not a path in the store",
                "Flake references are not understood yet; '--file' and '--expr' take expressions.");
        }

        var storePath = StorePathLookup.Follow(session.StoreDirectory, path);
        return new StoreInstallable(text, outputs is null
            ? new DerivedPath.Opaque(storePath)
            : DerivedPath.Parse($"{session.StoreDirectory.Absolute(storePath)}^{outputs}", session.StoreDirectory));
    }
}
