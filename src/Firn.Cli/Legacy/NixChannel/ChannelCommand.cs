using Firn.Cli.Commands;
using Firn.Cli.Legacy.NixEnv;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Profiles.Channels;
using Firn.Profiles.Generations;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixChannel;

/// <summary>What all operations of <c>nix-channel</c> have in common: the list of channels and the profile they are in.</summary>
internal abstract class ChannelCommand : Command
{
    /// <summary>What stands on the line beside options.</summary>
    protected List<string> Arguments { get; } = [];

    public sealed override void Declare(Grammar grammar) => grammar.Rest("arguments", Arguments.Add);

    public sealed override int Run(Session session, Output output)
    {
        DefaultProfile.EnsureProfilesDirectory(session.ProfileLocations);
        return Execute(session, output);
    }

    protected abstract int Execute(Session session, Output output);

    protected static string Profile(Session session) => session.ProfileLocations.ChannelsProfile;

    protected static ChannelList Read(Session session)
    {
        var file = session.ProfileLocations.ChannelsFile;
        return File.Exists(file) ? ChannelList.Parse(File.ReadAllText(file)) : ChannelList.Empty;
    }

    protected static void Write(Session session, ChannelList channels)
    {
        var file = session.ProfileLocations.ChannelsFile;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, channels.ToString());
    }

    /// <summary>Runs an operation of <c>nix-env</c> on the profile of channels.</summary>
    protected static int RunOnProfile(Session session, Output output, NixEnvCommand command, params IEnumerable<string> arguments)
    {
        var grammar = new Grammar();
        command.Declare(grammar);
        ArgumentParser.Parse(grammar, ["--profile", Profile(session), .. arguments]);
        return command.Run(session, output);
    }

    /// <exception cref="UsageException">There are other than so many arguments.</exception>
    protected void ExpectArguments(string operation, int least, int most, string words)
    {
        if (Arguments.Count < least || Arguments.Count > most)
        {
            throw new UsageException($"'{operation}' {words}");
        }
    }
}

/// <summary><c>nix-channel --add</c>: subscribes to a channel.</summary>
internal sealed class ChannelAddCommand : ChannelCommand
{
    public override string Summary => "subscribe to a channel";

    public override string Examples => """
        # Subscribe under a name of one's own, and fetch it:
        $ nix-channel --add https://channels.nixos.org/nixpkgs-unstable nixpkgs
        $ nix-channel --update
        """;

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments("--add", 1, 2, "requires one or two arguments");
        Write(session, Read(session).With(Arguments[0], Arguments.Count == 2 ? Arguments[1] : ChannelList.DefaultName(Arguments[0])));
        return 0;
    }
}

/// <summary><c>nix-channel --remove</c>: ends a subscription and removes the channel.</summary>
internal sealed class ChannelRemoveCommand : ChannelCommand
{
    public override string Summary => "unsubscribe from a channel";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments("--remove", 1, 1, "requires one argument");
        Write(session, Read(session).Without(Arguments[0]));
        return RunOnProfile(session, output, new UninstallCommand(), Arguments[0]);
    }
}

/// <summary><c>nix-channel --list</c>: lists the subscriptions.</summary>
internal sealed class ChannelListCommand : ChannelCommand
{
    public override string Summary => "list subscribed channels";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments("--list", 0, 0, "expects no arguments");
        foreach (var (name, url) in Read(session).Urls)
        {
            output.Line($"{name} {url}");
        }

        return 0;
    }
}

/// <summary><c>nix-channel --list-generations</c>: lists the generations of the profile of channels.</summary>
internal sealed class ChannelListGenerationsCommand : ChannelCommand
{
    public override string Summary => "list generations of channels";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments("--list-generations", 0, 0, "expects no arguments");
        return RunOnProfile(session, output, new ListGenerationsCommand());
    }
}

/// <summary><c>nix-channel --rollback</c>: undoes the last update, or goes to a generation.</summary>
internal sealed class ChannelRollbackCommand : ChannelCommand
{
    public override string Summary => "revert the last update of channels";

    protected override int Execute(Session session, Output output)
    {
        ExpectArguments("--rollback", 0, 1, "has at most one argument");
        return Arguments is [var generation]
            ? RunOnProfile(session, output, new SwitchGenerationCommand(), generation)
            : RunOnProfile(session, output, new RollbackCommand());
    }
}
