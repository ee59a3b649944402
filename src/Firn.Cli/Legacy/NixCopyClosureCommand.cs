using Firn.Cli.Commands;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store.Copying;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Cli.Legacy;

/// <summary><c>nix-copy-closure</c>: copies objects and all they need to another machine, or from it, over ssh.</summary>
internal sealed class NixCopyClosureCommand : Command
{
    private readonly List<string> _arguments = [];
    private bool _isTo = true;
    private bool _compresses;
    private bool _includesOutputs;
    private bool _substitutes;

    public override string Summary => "copy store objects to or from a remote machine via SSH";

    public override string Examples => """
        # Copy a program to another machine:
        $ nix-copy-closure --to alice@example.org $(readlink ./result)
        """;

    public override void Declare(Grammar grammar) => grammar
        .Flag("to", "Copy from this machine to the other; the default.", () => _isTo = true)
        .Flag("from", "Copy from the other machine to this one.", () => _isTo = false)
        .Flag("gzip", "Compress what goes over the network.", () => _compresses = true)
        .Flag("bzip2", "Accepted for old scripts; compresses as --gzip.", () => _compresses = true)
        .Flag("xz", "Accepted for old scripts; compresses as --gzip.", () => _compresses = true)
        .Flag("include-outputs", "Also copy the outputs of derivations.", () => _includesOutputs = true)
        .Flag("show-progress", "Accepted for old scripts; progress is shown anyway.", () => { })
        .Flag("use-substitutes", "Have the other machine fetch what it can from its own substituters.", () => _substitutes = true, 's')
        .Rest("host-and-paths", _arguments.Add);

    public override int Run(Session session, Output output)
    {
        if (_arguments is not [var host, .. var typed])
        {
            throw new UsageException("no host name specified");
        }

        var uri = $"ssh://{host}{(_compresses ? "?compress=true" : "")}";
        using var remote = session.OpenStore(uri);
        var (from, to) = _isTo ? (session.Store, remote) : (remote, session.Store);
        var paths = typed.Select(p => StorePathLookup.Follow(session.StoreDirectory, p)).ToList();
        var closure = _includesOutputs ? from.Closure.WithOutputs(paths, from.Outputs) : from.Closure.Of(paths);
        if (_substitutes && to.Infos is ISubstitutingSource there)
        {
            there.FindValid(closure, substitutes: true);
        }

        new StoreCopier(from.Infos, from.Nars, to.Infos, to.NarSink, session.StoreDirectory, session.Log) { AtOnce = 1 }.Copy(
            closure, _isTo ? $"to '{uri}'" : $"from '{uri}'", new NarImport(Repair: false, ChecksSignatures: false), session.Cancellation);
        return 0;
    }
}
