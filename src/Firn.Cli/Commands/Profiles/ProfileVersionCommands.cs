using System.Globalization;
using Firn.Cli.Commands.Stores;
using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Files;
using Firn.Profiles.Generations;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;

namespace Firn.Cli.Commands.Profiles;

/// <summary><c>nix profile history</c>: tells what each version of a profile changed.</summary>
internal sealed class ProfileHistoryCommand : ProfileCommand
{
    public override string Summary => "show all versions of a profile";

    public override string Examples => """
        # Which packages came, went and changed, version by version:
        $ nix profile history
        """;

    public override int Run(Session session, Output output)
    {
        var list = ProfileRunner.List(Profile(session));
        var ansi = new Ansi(Terminal.IsOutputTerminal);
        (uint Number, ProfileManifest Manifest)? before = null;
        foreach (var generation in list.All)
        {
            var manifest = Read(session, generation.Link);
            var number = generation.Number.ToString(CultureInfo.InvariantCulture);
            var day = DateTimeOffset.FromUnixTimeSeconds(generation.CreationTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            output.Text.Write(before is null ? "" : "\n");
            output.Line($"Version {(generation.Number == list.Current ? ansi.Good(number) : ansi.Bold(number))} ({day}){(before is { } old ? $" <- {old.Number}" : "")}:");
            foreach (var line in Changes(before?.Manifest ?? ProfileManifest.Empty, manifest).DefaultIfEmpty("No changes."))
            {
                output.Line("  " + line);
            }

            before = (generation.Number, manifest);
        }

        return 0;
    }

    private static IEnumerable<string> Changes(ProfileManifest before, ProfileManifest after)
    {
        foreach (var name in before.Elements.Concat(after.Elements).Select(e => e.Name!).Distinct().Order(Utf8Order.Comparer))
        {
            var (old, @new) = (before.Find(name), after.Find(name));
            if (old?.Versions != @new?.Versions)
            {
                yield return $"{(old ?? @new)!.Identifier}: {old?.Versions ?? "∅"} -> {@new?.Versions ?? "∅"}";
            }
        }
    }
}

/// <summary><c>nix profile diff-closures</c>: tells in which packages the closures of a profile's versions differ.</summary>
internal sealed class ProfileDiffClosuresCommand : ProfileCommand
{
    public override string Summary => "show the closure difference between each version of a profile";

    public override string Examples => """
        # What each version of a system changed:
        $ nix profile diff-closures --profile /nix/var/nix/profiles/system
        """;

    public override int Run(Session session, Output output)
    {
        Generation? before = null;
        foreach (var generation in ProfileRunner.List(Profile(session)).All)
        {
            if (before is { } old)
            {
                output.Line(string.Create(CultureInfo.InvariantCulture, $"Version {old.Number} -> {generation.Number}:"));
                foreach (var line in DiffClosuresCommand.Compare(session, Target(session, old), Target(session, generation), new Ansi(Terminal.IsOutputTerminal)))
                {
                    output.Line("  " + line);
                }

                output.Line("");
            }

            before = generation;
        }

        return 0;
    }

    private static StorePath Target(Session session, Generation generation) => session.StoreDirectory.Parse(SymbolicLink.Read(generation.Link));
}

/// <summary><c>nix profile rollback</c>: goes back to an earlier version of a profile.</summary>
internal sealed class ProfileRollbackCommand : ProfileCommand
{
    private uint? _version;
    private bool _isDry;

    public override string Summary => "roll back to the previous version or a specified version of a profile";

    public override string Examples => """
        # Undo the last change:
        $ nix profile rollback
        # Go back to a version that nix profile history shows:
        $ nix profile rollback --to 42
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        grammar
            .Value("to", "version", "The profile version to roll back to.", v => _version = uint.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new UsageException($"'{v}' is not the number of a version", "'nix profile history' shows the versions."))
            .Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true);
    }

    public override int Run(Session session, Output output)
    {
        session.Profiles.Switch(Profile(session), _version, _isDry);
        return 0;
    }
}

/// <summary><c>nix profile wipe-history</c>: deletes versions of a profile that are not current.</summary>
internal sealed class ProfileWipeHistoryCommand : ProfileCommand
{
    private GenerationSelector _selector = new GenerationSelector.Old();
    private bool _isDry;

    public override string Summary => "delete non-current versions of a profile";

    public override string Examples => """
        # Keep what was current in the last 30 days:
        $ nix profile wipe-history --older-than 30d
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        grammar
            .Value("older-than", "age", "Delete versions older than the specified age, such as 30d.", v => _selector = GenerationSelector.ParseAge(v))
            .Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true);
    }

    public override int Run(Session session, Output output)
    {
        session.Profiles.Delete(Profile(session), _selector, _isDry);
        return 0;
    }
}
