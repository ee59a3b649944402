using Firn.Cli.Commands;

namespace Firn.Cli.Legacy.NixChannel;

/// <summary>The operations of <c>nix-channel</c>.</summary>
internal static class ChannelOperations
{
    public static IReadOnlyList<LegacyOperation> All { get; } =
    [
        new(["--add"], () => new ChannelAddCommand()),
        new(["--remove"], () => new ChannelRemoveCommand()),
        new(["--list"], () => new ChannelListCommand()),
        new(["--update"], () => new ChannelUpdateCommand()),
        new(["--list-generations"], () => new ChannelListGenerationsCommand()),
        new(["--rollback"], () => new ChannelRollbackCommand()),
    ];
}
