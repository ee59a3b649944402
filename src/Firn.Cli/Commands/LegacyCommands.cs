using Firn.Cli.Legacy;
using Firn.Cli.Legacy.NixShell;
using Firn.Cli.Legacy.NixStore;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Commands;

/// <summary>The commands of the old programs, by program and by the option that names the operation.</summary>
internal static class LegacyCommands
{
    /// <summary>Finds the command of a program; what it is called in the help; and what of the line is left to read.</summary>
    public static (Command Command, string Name, IReadOnlyList<string> Remaining) Find(string program, IReadOnlyList<string> arguments) =>
        program switch
        {
            "nix-instantiate" => (new Legacy.NixInstantiate.InstantiateCommand(), program, arguments),
            "nix-build" => (new NixBuildCommand(), program, arguments),
            "nix-daemon" => (new Daemon.DaemonCommand(), program, arguments),
            "nix-hash" => (new NixHashCommand(), program, arguments),
            "nix-shell" when ShebangScript.Find(arguments) is { } script => (new NixShellCommand(script), program, script.Options),
            "nix-shell" => (new NixShellCommand(null), program, arguments),
            "nix-store" => FindOperation(program, NixStoreOperations.All, arguments),
            "nix-channel" => FindOperation(program, Legacy.NixChannel.ChannelOperations.All, arguments),
            "nix-copy-closure" => (new NixCopyClosureCommand(), program, arguments),
            "nix-prefetch-url" => (new Prefetching.NixPrefetchUrlCommand(), program, arguments),
            "nix-collect-garbage" => (new NixCollectGarbageCommand(), program, arguments),
            "nix-env" => FindOperation(program, Legacy.NixEnv.NixEnvOperations.All, arguments),
            _ => throw new UsageException($"'{program}' is not part of this version of Firn"),
        };

    /// <summary>Finds the one argument that names an operation, wherever it stands, and takes it off the line.</summary>
    public static (Command Command, string Name, IReadOnlyList<string> Remaining) FindOperation(
        string program, IReadOnlyList<LegacyOperation> operations, IReadOnlyList<string> arguments)
    {
        LegacyOperation? found = null;
        var remaining = new List<string>();
        var isOver = false;
        foreach (var part in arguments.SelectMany(Expand))
        {
            isOver |= part == "--";
            if (!isOver && operations.FirstOrDefault(o => o.Names.Contains(part)) is { } operation)
            {
                if (found is not null && found != operation)
                {
                    throw new UsageException("only one operation may be specified");
                }

                found = operation;
            }
            else
            {
                remaining.Add(part);
            }
        }

        return found is null
            ? (new NoOperationCommand(operations), program, remaining)
            : (found.Make(), $"{program} {found.Names[0]}", remaining);
    }

    private static IEnumerable<string> Expand(string argument) =>
        argument.Length > 2 && argument[0] == '-' && char.IsAsciiLetter(argument[1]) ? ArgumentParser.Split(argument) : [argument];
}

/// <summary>One operation of an old program: the options that name it, the longest first, and what it is.</summary>
internal sealed record LegacyOperation(string[] Names, Func<Command> Make);
