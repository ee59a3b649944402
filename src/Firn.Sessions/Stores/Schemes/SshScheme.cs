using Firn.Building;
using Firn.Daemon.Serving;
using Firn.Daemon.Ssh;

namespace Firn.Sessions.Stores.Schemes;

/// <summary><c>ssh://HOST</c>: the store of another machine, through the older protocol, which every version knows.</summary>
internal static class SshScheme
{
    public static OpenStore Open(Session session, StoreReference reference, Action<string>? onErrorLine)
    {
        var directory = LocalLayout.Of(reference, session.Environment).Directory;
        var host = SshHost.Parse(reference.Authority, reference.Parameters, "nix-store", session.Environment);
        var store = new ServeStore(new SshChannel(host, ["--serve", "--write"], reference.ToText(), onErrorLine), directory, () => Options(session));
        return new OpenStore(reference, directory)
        {
            Infos = store,
            Nars = store,
            NarSink = store,
            Contents = store,
            DerivationSink = store,
            Builds = store,
            Connection = store,
            Owned = store,
        };
    }

    private static ServeOptions Options(Session session)
    {
        var settings = session.Get<BuildSettings>();
        return new ServeOptions
        {
            MaxSilentTime = (long)settings.MaxSilentTime.TotalSeconds,
            Timeout = (long)settings.Timeout.TotalSeconds,
            MaxLogSize = settings.MaxBuildLogSize,
            KeepFailed = settings.KeepFailed,
        };
    }
}
