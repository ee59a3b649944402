using Firn.Building;
using Firn.Building.Nesting;
using Firn.Daemon;
using Firn.Daemon.Server;
using Firn.Evaluation;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Store;
using Firn.Store.Substituting;

namespace Firn.Sessions.Ports;

/// <summary>Answers builders that work with the store themselves by the worker protocol, as somebody who is not trusted.</summary>
/// <param name="log">Is told what is built for them.</param>
internal sealed class NestedDaemon(IActivityLog log) : INestedDaemon
{
    public IDisposable Serve(string socket, StoreParts store) => new PrivateListener(socket, (stream, cancellation) =>
    {
        var tunnel = new TunnelLog(cancellation.Cancel);
        new DaemonServer(stream, stream, tunnel, store.Directory, new Host(store, log), isTrusted: false).Run(cancellation.Token);
    }, log);

    private sealed class Host(StoreParts store, IActivityLog log) : IDaemonHost
    {
        public StoreParts Store => store;

        public IReadOnlyList<ISubstituter> Substituters => [];

        public string Version => Globals.LanguageVersion;

        public bool? StoreTrustsUs => false;

        // Builds go on as the one who started the outer build wants them.
        public void Configure(ClientOptions options, bool isTrusted) { }

        public bool IsSigned(Realisation realisation) => false;

        public void BuildAll(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) =>
            new BuildRequests(store.Builds, store.Directory, log).BuildAll(wanted, mode, cancellation);
    }
}
