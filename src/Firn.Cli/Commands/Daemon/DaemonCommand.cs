using Firn.Cli.Parsing;
using Firn.Daemon.Server;
using Firn.Model.Diagnostics;
using Firn.Platform.Processes;
using Firn.Sandbox;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Commands.Daemon;

/// <summary><c>nix daemon</c> and <c>nix-daemon</c>: works on the store for users who may not write to it.</summary>
internal sealed class DaemonCommand : Command
{
    private const string TrustFeature = "daemon-trust-override";
    private const string MountedFeature = "mounted-ssh-store";

    private readonly HashSet<string> _features = [];
    private bool _isOnStandardStreams;
    private bool? _trust;
    private string? _connection;

    public override string Summary => "daemon to perform store operations on behalf of non-root clients";

    public override string Examples => """
        # Serve all users of this machine:
        # nix daemon
        # Serve one client that talks by standard input and output, as ssh-ng:// does:
        $ nix daemon --stdio
        """;

    public override void Declare(Grammar grammar) => grammar
        .Flag("stdio", "Attach to standard I/O, instead of trying to bind to a UNIX socket.", () => _isOnStandardStreams = true)
        .Flag("force-trusted", "Force the daemon to trust connecting clients.", () => Override(true))
        .Flag("force-untrusted", "Force the daemon to not trust connecting clients.", () => Override(false))
        .Flag("default-trust", "Use Nix's default trust.", () => Override(null))
        .Flag("process-ops", "Process operations here, even when the store is another daemon's; this is always done.", () => _features.Add(MountedFeature))
        .Flag("daemon", "Does nothing: it is one.", () => { })
        .Value(ConnectionProcesses.Option, "trust", "Serve the one client that standard input is connected to; the daemon itself uses this.", v => _connection = v);

    public override int Run(Session session, Output output)
    {
        foreach (var feature in _features.Where(f => !session.Get<SessionSettings>().ExperimentalFeatures.Contains(f)))
        {
            throw new CommandException($"experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it");
        }

        session = OnThisDisk(session);
        if (_connection is { } connection)
        {
            return ServeCaller(session, connection);
        }

        // Whoever is at the other end of a pipe could log in here: that is for those to decide who let it.
        return _isOnStandardStreams ? ClientService.Serve(session, _trust ?? true) : Listen(session);
    }

    // A daemon that took "auto" for a daemon's store would call itself, for ever.
    private Session OnThisDisk(Session session)
    {
        if (_isOnStandardStreams)
        {
            return session;
        }

        if (session.Get<SessionSettings>().Store is "auto" or "")
        {
            return session.With([.. session.CommandLine, new Assignment("store", "local", IsOverride: true)], []);
        }

        return session.Reference is { Scheme: "daemon", Authority: var socket } && (socket.Length == 0 || socket == session.DaemonSocket)
            ? throw new UsageException("the daemon's own store would be that of the daemon", "Unset NIX_REMOTE, or name the store that the daemon is to serve with '--store'.")
            : session;
    }

    private void Override(bool? trust)
    {
        _trust = trust;
        _features.Add(TrustFeature);
    }

    private static int ServeCaller(Session session, string connection)
    {
        if (connection.Split(':') is not [var trust, var number] || !uint.TryParse(number, out var user))
        {
            throw new UsageException($"'{connection}' does not say who calls");
        }

        PerUserFolders.Ensure(session.Layout, user);
        return ClientService.Serve(session, trust == "trusted");
    }

    private int Listen(Session session)
    {
        var settings = session.Get<SessionSettings>();
        var admission = new Admission(
            settings.TrustedUsers, settings.AllowedUsers, session.Get<SandboxSettings>().BuildUsersGroup,
            name => Accounts.FindGroup(name) is { } group ? (group.Id, group.Members) : null);
        var sockets = DaemonListener.Open(session.DaemonSocket, session.Environment);
        Directory.SetCurrentDirectory("/");
        var processes = new ConnectionProcesses(CommandLine());
        new DaemonListener(admission, Accounts.FindUserName, session.Log).Run(
            sockets, _trust, (caller, peer, trust) => processes.Start(caller, trust, peer.User), session.Cancellation);
        return 0;
    }

    private static string[] CommandLine() => File.ReadAllText("/proc/self/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
