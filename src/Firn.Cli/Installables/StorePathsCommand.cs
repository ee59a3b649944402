using Firn.Cli.Commands;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store.Closures;

namespace Firn.Cli.Installables;

/// <summary>A command that works on objects of the store, or on their closures, or on all.</summary>
internal abstract class StorePathsCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private bool _all;
    private bool _recursive;
    private bool _derivations;

    /// <summary>Whether what is damaged is to be made anew.</summary>
    protected bool Repairs => _installables.Expressions.Evaluation.Repairs;

    /// <summary>Whether the closure is meant unless the line says otherwise.</summary>
    protected virtual bool IsRecursiveByDefault => false;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public sealed override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        if (IsRecursiveByDefault)
        {
            _recursive = true;
            grammar.Flag("no-recursive", "Apply operation to specified paths only.", () => _recursive = false);
        }
        else
        {
            grammar.Flag("recursive", "Apply operation to closure of the specified paths.", () => _recursive = true, 'r');
        }

        grammar
            .Flag("all", "Apply the operation to every store path.", () => _all = true)
            .Flag("derivation", "Operate on the store derivation rather than its outputs.", () => _derivations = true);
        DeclareOptions(grammar);
    }

    public sealed override int Run(Session session, Output output)
    {
        if (_all)
        {
            return _installables.Arguments.Count > 0
                ? throw new UsageException("'--all' does not expect arguments")
                : Execute(session, InOrder(session, session.Store.Infos.ListAll()), output);
        }

        if (_installables.IsEmpty && ExecuteWithout(session, output) is { } status)
        {
            return status;
        }

        var installables = _installables.Parse(session);
        IEnumerable<StorePath> paths = _derivations
            ? InstallablePaths.Derivations(session, installables)
            : InstallablePaths.Outputs(session, installables);
        return Execute(session, InOrder(session, _recursive ? session.Store.Closure.Of(paths) : paths), output);
    }

    /// <summary>Sorts objects so that each comes behind those that it refers to.</summary>
    private static IReadOnlyList<StorePath> InOrder(Session session, IEnumerable<StorePath> paths) =>
        [.. Closure.Sort(paths, session.Store.Infos, session.StoreDirectory).Reverse()];

    protected virtual void DeclareOptions(Grammar grammar) { }

    /// <summary>What to do when nothing was given to work on; null when that is an error.</summary>
    protected virtual int? ExecuteWithout(Session session, Output output) => null;

    protected abstract int Execute(Session session, IReadOnlyList<StorePath> paths, Output output);
}
