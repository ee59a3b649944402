using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Platform.Linux;
using Firn.Platform.Processes;
using Firn.Sessions;
using Firn.Store.Local.Verifying;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>firn store scan</c>: reads the store round and round when nothing else is to do, and tells the journal what is damaged.</summary>
internal sealed class StoreScanCommand : Command
{
    private long _rate = 20 << 20;
    private bool _once;

    public override string Summary => "look for damage in the store continuously, at low priority";

    public override string Examples => """
        # One round as fast as the disk gives:
        $ firn store scan --once --rate 10G
        # What was found:
        $ journalctl -t firn FIRN_EVENT=damage
        """;

    public override string Details =>
        "Where it is at is remembered, so that a scan that is stopped goes on there. Findings go to the system's journal with the fields "
        + "FIRN_EVENT, FIRN_STORE_PATH and FIRN_KIND, and to standard error where there is no journal.";

    public override void Declare(Grammar grammar) => grammar
        .Value("rate", "bytes", "How many bytes to read in a second, on average; 20M unless given.", v => _rate = Math.Max(1, SettingForm.ParseInteger("--rate", v)))
        .Flag("once", "End after one round; the status is 1 when something was found.", () => _once = true);

    public override int Run(Session session, Output output)
    {
        LowPriority.Take();
        var journal = new Journal(session.Environment("FIRN_JOURNAL_SOCKET") ?? Journal.DefaultSocket);
        var found = 0;
        var reach = new Lazy<DamageReach>(() => new DamageReach(session.LocalStore));
        new ContinuousScan(session.LocalStore, _rate, TimeProvider.System).Run(
            finding =>
            {
                found++;
                var touched = finding is { IsDamage: true, Object: { } path } ? string.Concat(reach.Value.Of(path).Describe().Select(l => "\n" + l)) : "";
                var isTold = journal.TryWrite(
                    finding.IsDamage ? JournalPriority.Error : JournalPriority.Warning, finding.Message + touched,
                    ("FIRN_EVENT", "damage"), ("FIRN_KIND", finding.Kind.ToString().ToLowerInvariant()),
                    ("FIRN_STORE_PATH", finding.Object is { } damaged ? session.StoreDirectory.Absolute(damaged) : ""));
                if (!isTold || _once)
                {
                    session.Log.Write(Verbosity.Error, finding.Message + touched);
                }
            },
            count =>
            {
                var message = $"scanned {count} objects, {found} findings";
                if (!journal.TryWrite(JournalPriority.Info, message, ("FIRN_EVENT", "scanned")) || _once)
                {
                    session.Log.Write(Verbosity.Info, message);
                }

                return !_once;
            },
            session.Cancellation);
        return found == 0 ? 0 : 1;
    }
}
