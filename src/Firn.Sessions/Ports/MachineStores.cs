using System.Globalization;
using System.Net.Sockets;
using Firn.Building.Remote;
using Firn.Daemon;
using Firn.Model.Diagnostics;
using Firn.Sessions.Configuration;
using Firn.Sessions.Stores;
using Firn.Store.PathInfos;

namespace Firn.Sessions.Ports;

/// <summary>Opens the stores of the machines that builds are sent to.</summary>
internal sealed class MachineStores(Session session) : IMachineStores
{
    public MachineStore Open(Machine machine, IActivityLog log, Action<string> onOutput)
    {
        // A store on this machine is a builder too, and must not send its builds on.
        var own = session.With(session.CommandLine, [
            new Assignment("max-jobs", machine.MaxJobs.ToString(CultureInfo.InvariantCulture), IsOverride: true),
            new Assignment("builders", "", IsOverride: true),
        ], log);
        var store = new StoreOpener(own).Open(Complete(machine), onErrorLine: onOutput);
        try
        {
            store.Connection?.Connect();
        }
        catch
        {
            store.Dispose();
            throw;
        }

        return new MachineStore(store, store.Infos is ISubstitutingSource source
            ? source.FindValid
            : (paths, _) => paths.Where(store.Infos.IsValid).ToHashSet(), store);
    }

    public bool IsGone(Exception error) =>
        error is IOException or SocketException or ObjectDisposedException or (DaemonException and not RemoteException) or UsageException;

    private static StoreReference Complete(Machine machine)
    {
        var reference = StoreReference.Parse(machine.Uri);
        var parameters = reference.Parameters;
        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                parameters = parameters.SetItem(name, value);
            }
        }

        if (reference.Scheme is "ssh" or "ssh-ng")
        {
            Add("ssh-key", machine.KeyFile);
            Add("base64-ssh-public-host-key", machine.HostKey);
        }

        Add("system-features", string.Join(' ', ((IEnumerable<string>)[parameters.GetValueOrDefault("system-features") ?? "", .. machine.SupportedFeatures, .. machine.MandatoryFeatures]).Where(f => f.Length > 0)));
        return reference with { Parameters = parameters };
    }
}
