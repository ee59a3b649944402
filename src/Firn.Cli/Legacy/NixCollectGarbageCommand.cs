using Firn.Cli.Commands;
using Firn.Cli.Legacy.NixStore;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Profiles.Generations;
using Firn.Sessions;
using Firn.Store.Collecting;

namespace Firn.Cli.Legacy;

/// <summary><c>nix-collect-garbage</c>: deletes old generations of all profiles if asked to, then what nothing needs any more.</summary>
internal sealed class NixCollectGarbageCommand : Command
{
    private GenerationSelector? _generations;
    private bool _isDryRun;
    private long? _maxFreed;

    public override string Summary => "delete unreachable store objects";

    public override string Examples => """
        # Remove what nothing needs:
        $ nix-collect-garbage
        # Also delete all generations but the current ones; there is no going back to them then:
        $ nix-collect-garbage -d
        # Or those that have not been in use for 30 days:
        $ nix-collect-garbage --delete-older-than 30d
        """;

    public override void Declare(Grammar grammar) => grammar
        .Flag("delete-old", "Delete all generations of all profiles but the current ones first.", () => _generations ??= new GenerationSelector.Old(), 'd')
        .Value("delete-older-than", "period", "Delete generations that have not been in use for that long, such as 30d, first.", v => _generations = GenerationSelector.ParseAge(v))
        .Flag("dry-run", "Only say what would be deleted.", () => _isDryRun = true)
        .Value("max-freed", "bytes", "Stop when this many bytes have been freed.", v => _maxFreed = Math.Max(0, SettingForm.ParseInteger("--max-freed", v)));

    public override int Run(Session session, Output output)
    {
        if (_maxFreed is not null && _isDryRun)
        {
            throw new UsageException("options --max-freed and --dry-run cannot be combined");
        }

        if (_generations is not null)
        {
            var locations = session.ProfileLocations;
            string[] folders =
            [
                DefaultProfile.EnsureProfilesDirectory(locations), locations.StoreProfilesDirectory, Path.GetDirectoryName(DefaultProfile.Find(locations))!,
            ];
            var old = new OldGenerations(session.Profiles, session.Log);
            foreach (var folder in folders.Distinct())
            {
                old.Delete(folder, _generations, _isDryRun);
            }
        }

        var result = session.Store.Collector.CollectGarbage(
            _isDryRun ? new GcAction.ListDead() : new GcAction.DeleteDead(_maxFreed ?? long.MaxValue), session.Cancellation);
        output.Line(_isDryRun ? $"{result.Paths.Count} store paths would be deleted" : GcCommand.Freed(result));
        return 0;
    }
}
