using System.Globalization;
using Firn.Model.Diagnostics;
using Firn.Profiles.Generations;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary><c>nix-env --switch-profile</c>: has the user's profile link lead to another profile.</summary>
internal sealed class SwitchProfileCommand : NixEnvCommand
{
    public override string Summary => "set user environment profile";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments(1);
        ProfileRunner.SwitchTo(session.ProfileLocations.ProfileLink, Path.GetFullPath(Arguments[0]));
        return 0;
    }
}

/// <summary><c>nix-env --switch-generation</c>: goes to a generation of the profile.</summary>
internal sealed class SwitchGenerationCommand : NixEnvCommand
{
    public override string Summary => "set user environment profile generation";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments(1);
        if (!uint.TryParse(Arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var wanted))
        {
            throw new UsageException("expected a generation number");
        }

        session.Profiles.Switch(Profile, wanted, IsDryRun);
        return 0;
    }
}

/// <summary><c>nix-env --rollback</c>: goes to the generation before the current one.</summary>
internal sealed class RollbackCommand : NixEnvCommand
{
    public override string Summary => "set user environment profile to previous generation";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments(0);
        session.Profiles.Switch(Profile, null, IsDryRun);
        return 0;
    }
}

/// <summary><c>nix-env --list-generations</c>: lists the generations of the profile.</summary>
internal sealed class ListGenerationsCommand : NixEnvCommand
{
    public override string Summary => "list profile generations";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments(0);
        Directory.CreateDirectory(Path.GetDirectoryName(Profile)!);
        using var held = session.Profiles.Lock(Profile);
        var list = ProfileRunner.List(Profile);
        foreach (var generation in list.All)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(generation.CreationTime).ToLocalTime();
            output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{generation.Number,4}   {time:yyyy-MM-dd HH:mm:ss}   {(generation.Number == list.Current ? "(current)" : "")}"));
        }

        return 0;
    }
}

/// <summary><c>nix-env --delete-generations</c>: deletes generations of the profile.</summary>
internal sealed class DeleteGenerationsCommand : NixEnvCommand
{
    public override string Summary => "delete profile generations";

    public override string Examples => """
        # Delete all but the current generation:
        $ nix-env --delete-generations old
        # Keep the last five, and those that were in use in the last 30 days:
        $ nix-env --delete-generations +5
        $ nix-env --delete-generations 30d
        # Delete two by their numbers:
        $ nix-env --delete-generations 3 4
        """;

    protected override int Execute(Session session, Output output)
    {
        session.Profiles.Delete(Profile, GenerationSelector.Parse(Arguments), IsDryRun);
        return 0;
    }
}
