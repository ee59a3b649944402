using Firn.Cli.Commands;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;

namespace Firn.Cli.Legacy.NixStore;

/// <summary>What all operations of <c>nix-store</c> have in common: options that come with each, and arguments.</summary>
internal abstract class NixStoreCommand : Command
{
    private bool _readsInput;

    /// <summary>What stands on the line beside options.</summary>
    protected List<string> Arguments { get; } = [];

    /// <summary>Where to put a link that keeps the result, or null.</summary>
    protected string? GcRoot { get; private set; }

    /// <summary>Whether paths are not to be printed.</summary>
    protected bool IsSilent { get; private set; }

    public sealed override void Declare(Grammar grammar)
    {
        grammar
            .Value("add-root", "path", "Make the result a root of the garbage collector, by a link at path.", v => GcRoot = Path.GetFullPath(v))
            .Flag("indirect", "Does nothing: all links made by --add-root are registered indirectly.", () => { })
            .Flag("no-output", "Do not print the resulting paths.", () => IsSilent = true)
            .Flag("stdin", "Take further arguments from standard input.", () => _readsInput = true)
            .Rest("arguments", Arguments.Add);
        DeclareOptions(grammar);
    }

    public sealed override int Run(Session session, Output output)
    {
        if (_readsInput && Console.IsInputRedirected)
        {
            using var input = new StreamReader(Console.OpenStandardInput());
            Arguments.AddRange(input.ReadToEnd().Split([' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries));
        }

        return Execute(session, output);
    }

    protected virtual void DeclareOptions(Grammar grammar) { }

    protected abstract int Execute(Session session, Output output);

    /// <summary>Resolves all arguments to store paths.</summary>
    protected IEnumerable<StorePath> Paths(Session session) =>
        Arguments.Select(a => StorePathLookup.Follow(session.StoreDirectory, a));

    /// <exception cref="UsageException">There are arguments.</exception>
    protected void ExpectNoArguments()
    {
        if (Arguments.Count > 0)
        {
            throw new UsageException("no arguments expected");
        }
    }
}
