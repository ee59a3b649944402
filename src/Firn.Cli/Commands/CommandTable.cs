using Firn.Cli.Commands.Caches;
using Firn.Cli.Commands.Config;
using Firn.Cli.Commands.Copying;
using Firn.Cli.Commands.Daemon;
using Firn.Cli.Commands.Derivations;
using Firn.Cli.Commands.Flakes;
using Firn.Cli.Commands.Hashing;
using Firn.Cli.Commands.Profiles;
using Firn.Cli.Commands.Registries;
using Firn.Cli.Commands.Stores;
using Firn.Cli.Parsing;
using Firn.Cli.Prefetching;
using Firn.Cli.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;

namespace Firn.Cli.Commands;

/// <summary>The commands of <c>nix</c>, by the words that call them.</summary>
internal static class CommandTable
{
    private const string Main = "Main commands";
    private const string Rare = "Infrequently used commands";
    private const string Utility = "Utility/scripting commands";

    /// <summary>Every command: its words, its heading in the help, how to make it.</summary>
    public static IReadOnlyList<(string Words, string Category, Func<Command> Make)> All { get; } =
    [
        ("build", Main, () => new BuildCommand()),
        ("bundle", Rare, () => new BundleCommand()),
        ("cache change", Rare, () => new CacheChangeCommand()),
        ("cache create", Rare, () => new CacheCreateCommand()),
        ("cache delete", Rare, () => new CacheDeleteCommand()),
        ("cache gc", Rare, () => new CacheGcCommand()),
        ("cache keys", Rare, () => new CacheKeysCommand()),
        ("cache list", Rare, () => new CacheListCommand()),
        ("cache login", Rare, () => new CacheLoginCommand()),
        ("cache logout", Rare, () => new CacheLogoutCommand()),
        ("cache pull-config", Rare, () => new CachePullConfigCommand()),
        ("cache push", Rare, () => new CachePushCommand()),
        ("cache serve", Rare, () => new CacheServeCommand()),
        ("cache token create", Rare, () => new CacheTokenCreateCommand()),
        ("cache token list", Rare, () => new CacheTokenListCommand()),
        ("cache token revoke", Rare, () => new CacheTokenRevokeCommand()),
        ("cache watch", Rare, () => new CacheWatchCommand()),
        ("copy", Rare, () => new CopyCommand()),
        ("daemon", Utility, () => new DaemonCommand()),
        ("derivation add", Utility, () => new DerivationAddCommand()),
        ("derivation show", Utility, () => new DerivationShowCommand()),
        ("develop", Main, () => new DevelopCommand()),
        ("edit", Rare, () => new EditCommand()),
        ("eval", Rare, () => new EvalCommand()),
        ("explain", Rare, () => new ExplainCommand()),
        ("flake archive", Main, () => new FlakeArchiveCommand()),
        ("flake check", Main, () => new FlakeCheckCommand()),
        ("flake clone", Main, () => new FlakeCloneCommand()),
        ("flake info", Main, () => new FlakeMetadataCommand(isOldName: true)),
        ("flake init", Main, () => new FlakeInitCommand(isNew: false)),
        ("flake lock", Main, () => new FlakeLockCommand()),
        ("flake metadata", Main, () => new FlakeMetadataCommand()),
        ("flake new", Main, () => new FlakeInitCommand(isNew: true)),
        ("flake prefetch", Main, () => new FlakePrefetchCommand()),
        ("flake prefetch-inputs", Main, () => new FlakePrefetchInputsCommand()),
        ("flake show", Main, () => new FlakeShowCommand()),
        ("flake update", Main, () => new FlakeUpdateCommand()),
        ("fmt", Rare, () => new FormatterRunCommand()),
        ("formatter build", Rare, () => new FormatterBuildCommand()),
        ("formatter run", Rare, () => new FormatterRunCommand()),
        ("help-stores", Utility, () => new HelpStoresCommand()),
        ("key convert-secret-to-public", Utility, () => new KeyConvertCommand()),
        ("key generate-secret", Utility, () => new KeyGenerateSecretCommand()),
        ("log", Rare, () => new LogCommand()),
        ("nar cat", Utility, () => new NarCatCommand()),
        ("nar dump-path", Utility, () => new NarPackCommand()),
        ("nar ls", Utility, () => new NarListCommand()),
        ("nar pack", Utility, () => new NarPackCommand()),
        ("path-info", Rare, () => new PathInfoCommand()),
        ("print-dev-env", Utility, () => new PrintDevEnvCommand()),
        ("profile add", Main, () => new ProfileAddCommand()),
        ("profile diff-closures", Main, () => new ProfileDiffClosuresCommand()),
        ("profile history", Main, () => new ProfileHistoryCommand()),
        ("profile list", Main, () => new ProfileListCommand()),
        ("profile remove", Main, () => new ProfileRemoveCommand()),
        ("profile rollback", Main, () => new ProfileRollbackCommand()),
        ("profile upgrade", Main, () => new ProfileUpgradeCommand()),
        ("profile wipe-history", Main, () => new ProfileWipeHistoryCommand()),
        ("realisation info", Utility, () => new RealisationInfoCommand()),
        ("registry add", Rare, () => new RegistryAddCommand()),
        ("registry list", Rare, () => new RegistryListCommand()),
        ("registry pin", Rare, () => new RegistryPinCommand()),
        ("registry remove", Rare, () => new RegistryRemoveCommand()),
        ("registry resolve", Rare, () => new RegistryResolveCommand()),
        ("repl", Main, () => new Repl.ReplCommand()),
        ("run", Main, () => new RunCommand()),
        ("env shell", Main, () => new ShellCommand()),
        ("search", Main, () => new SearchCommand()),
        ("store add", Rare, () => new StoreAddCommand(ContentAddressMethod.NixArchive, "add a file or directory to the Nix store")),
        ("store add-file", Rare, () => new StoreAddCommand(ContentAddressMethod.Flat, "deprecated: use nix store add --mode flat instead")),
        ("store add-path", Rare, () => new StoreAddCommand(ContentAddressMethod.NixArchive, "deprecated: use nix store add instead")),
        ("store cat", Rare, () => new StoreCatCommand()),
        ("store copy-log", Rare, () => new CopyLogCommand()),
        ("store copy-sigs", Rare, () => new CopySignaturesCommand()),
        ("store delete", Rare, () => new StoreDeleteCommand()),
        ("store diff-closures", Rare, () => new DiffClosuresCommand()),
        ("store dump-path", Rare, () => new StoreDumpPathCommand()),
        ("store gc", Rare, () => new StoreGcCommand()),
        ("store info", Rare, () => new StoreInfoCommand()),
        ("store ls", Rare, () => new StoreListCommand()),
        ("store make-content-addressed", Rare, () => new MakeContentAddressedCommand()),
        ("store optimise", Rare, () => new StoreOptimiseCommand()),
        ("store path-from-hash-part", Rare, () => new PathFromHashPartCommand()),
        ("store prefetch-file", Rare, () => new PrefetchFileCommand()),
        ("store repair", Rare, () => new StoreRepairCommand()),
        ("store scan", Rare, () => new StoreScanCommand()),
        ("store sign", Rare, () => new StoreSignCommand()),
        ("store verify", Rare, () => new StoreVerifyCommand()),
        ("why-depends", Rare, () => new WhyDependsCommand()),
        ("config check", Utility, () => new ConfigCheckCommand()),
        ("config show", Utility, () => new ConfigShowCommand()),
        ("hash convert", Utility, () => new HashConvertCommand()),
        ("hash file", Utility, () => new HashPathCommand(ContentAddressMethod.Flat)),
        ("hash path", Utility, () => new HashPathCommand(ContentAddressMethod.NixArchive)),
        ("hash to-base16", Utility, () => new HashToCommand(HashFormat.Base16)),
        ("hash to-base32", Utility, () => new HashToCommand(HashFormat.Nix32)),
        ("hash to-base64", Utility, () => new HashToCommand(HashFormat.Base64)),
        ("hash to-sri", Utility, () => new HashToCommand(HashFormat.Sri)),
    ];

    /// <summary>Words that stand for others, kept from earlier versions.</summary>
    private static readonly Dictionary<string, string> _aliases = new()
    {
        ["doctor"] = "config check",
        ["show-config"] = "config show",
        ["show-derivation"] = "derivation show",
        ["profile install"] = "profile add",
        ["ping-store"] = "store info",
        ["store ping"] = "store info",
        ["verify"] = "store verify",
        ["cat-store"] = "store cat",
        ["ls-store"] = "store ls",
        ["cat-nar"] = "nar cat",
        ["ls-nar"] = "nar ls",
        ["diff-closures"] = "store diff-closures",
        ["dump-path"] = "store dump-path",
        ["add-to-store"] = "store add-path",
        ["add-path"] = "store add-path",
        ["add-file"] = "store add-file",
        ["hash-file"] = "hash file",
        ["hash-path"] = "hash path",
        ["to-base16"] = "hash to-base16",
        ["to-base32"] = "hash to-base32",
        ["to-base64"] = "hash to-base64",
        ["optimise-store"] = "store optimise",
        ["copy-sigs"] = "store copy-sigs",
        ["sign-paths"] = "store sign",
        ["make-content-addressable"] = "store make-content-addressed",
        ["store make-content-addressable"] = "store make-content-addressed",
        ["shell"] = "env shell",
        ["dev-shell"] = "develop",
        ["app"] = "run",
    };

    /// <summary>The words of each command as people type them.</summary>
    public static IEnumerable<string> Words => All.Select(c => c.Words).Append("shell");

    /// <summary>Returns the command that is called by these words, or null.</summary>
    public static Command? FindByWords(string words) => Match(_aliases.GetValueOrDefault(words, words))?.Invoke();

    /// <summary>Takes the words of a command from the line; what stands before and between them are options of all commands.</summary>
    public static (Command Command, string Name, IReadOnlyList<string> Remaining) Find(
        IReadOnlyList<string> arguments, CommonOptions options, string program = "nix")
    {
        var before = new List<string>();
        var words = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument.StartsWith('-'))
            {
                before.Add(argument);
                before.AddRange(TakeValues(argument, arguments, ref i));
                continue;
            }

            words = words.Length == 0 ? argument : $"{words} {argument}";
            words = _aliases.GetValueOrDefault(words, words);
            if (Match(words) is { } make)
            {
                return (make(), $"{program} {words}", [.. before, .. arguments.Skip(i + 1)]);
            }

            if (!All.Any(c => c.Words.StartsWith(words + " ", StringComparison.Ordinal)))
            {
                throw Unknown(words);
            }
        }

        return (new OverviewCommand(words, program), $"{program} {words}".TrimEnd(), before);
    }

    private static Func<Command>? Match(string words)
    {
        // Programs call it, not people.
        if (words == BuildHookCommand.Name)
        {
            return () => new BuildHookCommand();
        }

        foreach (var (name, _, make) in All)
        {
            if (name == words)
            {
                return make;
            }
        }

        return null;
    }

    private static IEnumerable<string> TakeValues(string option, IReadOnlyList<string> arguments, ref int at)
    {
        var grammar = new Grammar();
        var scratch = new CommonOptions();
        scratch.Declare(grammar);
        scratch.DeclareNew(grammar);
        var count = grammar.Find(option)?.Labels.Length
            ?? (option.StartsWith("--", StringComparison.Ordinal) && Sessions.Configuration.SettingCatalog.FindAssignable(option[2..]) is { Setting.IsFlag: false } ? 1 : 0);
        var values = arguments.Skip(at + 1).Take(count).ToList();
        at += values.Count;
        return values;
    }

    private static UsageException Unknown(string words)
    {
        var known = All.Select(c => c.Words).Concat(_aliases.Keys)
            .SelectMany(name => name.Split(' ') is [var first, _] ? (string[])[name, first] : [name]);
        return new UsageException($"'{words}' is not a recognised command", Suggestion.Hints(words, known));
    }
}
