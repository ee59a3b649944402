using Firn.Building;
using Firn.Daemon;
using Firn.Daemon.Server;
using Firn.Daemon.Serving;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.Signing;
using Firn.Sessions.Configuration;
using Firn.Store;
using Firn.Store.Exporting;
using Firn.Store.Substituting;

namespace Firn.Sessions.Ports;

/// <summary>A session, as what a daemon serves one client with.</summary>
public sealed class DaemonHost : IDaemonHost, IServeHost, IDisposable
{
    private readonly Session _first;
    private Session _session;

    /// <param name="session">The session; what the client wants changed makes another of it.</param>
    /// <param name="version">The version that clients are told.</param>
    public DaemonHost(Session session, string version)
    {
        (_first, _session, Version) = (session, session, version);
    }

    public StoreParts Store => _session.Store;

    public IReadOnlyList<ISubstituter> Substituters => _session.Get<SubstituterSettings>().Substitute ? _session.Substituters : [];

    public string Version { get; }

    public bool? StoreTrustsUs => _session.Reference.Scheme == "local" ? true : Store.Connection is { } connection ? connection.TrustsUs : true;

    public void Configure(ClientOptions options, bool isTrusted)
    {
        var (assignments, warnings) = ClientSettingsPlanner.Plan(
            options, isTrusted, _first.Get<SubstituterSettings>(), _first.Get<SessionSettings>().ExperimentalFeatures);
        foreach (var warning in warnings)
        {
            _first.Log.Write(Verbosity.Warning, warning);
        }

        _session = _session.With(_first.CommandLine, assignments, takesStore: true);
    }

    public void Configure(ServeOptions options)
    {
        Assignment Of(string name, object value) => new(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!, IsOverride: true);
        _session = _session.With(_first.CommandLine, [
            Of("max-silent-time", options.MaxSilentTime), Of("timeout", options.Timeout), Of("max-build-log-size", options.MaxLogSize),
            Of("keep-failed", options.KeepFailed ? "true" : "false"), Of("keep-build-log", "false"), Of("substitute", "false"),
        ], takesStore: true);
    }

    public bool IsSigned(Realisation realisation) =>
        realisation.IsSignedBy(_first.Get<SubstituterSettings>().TrustedPublicKeys.Select(PublicKey.Parse));

    public void BuildAll(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) =>
        _session.Builder.BuildAll(wanted, mode, cancellation);

    public (BuildStatus Status, Diagnostic Failure)? TryBuildAll(IReadOnlyList<DerivedPath> wanted, CancellationToken cancellation)
    {
        try
        {
            BuildAll(wanted, BuildMode.Normal, cancellation);
            return null;
        }
        catch (BuildException e)
        {
            return (e.Status, e.Diagnostic);
        }
        catch (FirnException e)
        {
            return (BuildStatus.MiscFailure, e.Diagnostic);
        }
    }

    public void Import(Stream export) => Importer.Import(export, Store.NarSink, Store.Directory);

    public void Dispose()
    {
        if (_session != _first)
        {
            _session.Dispose();
        }
    }
}
