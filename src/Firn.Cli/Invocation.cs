using Firn.Cli.Commands;
using Firn.Cli.Completing;
using Firn.Cli.Help;
using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Platform.Linux;
using Firn.Platform.Processes;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli;

/// <summary>Turns one call of the program into one command, and every failure into a message.</summary>
internal static class Invocation
{
    private const string OwnName = "firn";

    /// <summary>The version of C++ Nix whose behaviour this is.</summary>
    public const string NixVersion = "2.34.8";

    public static int Run(string[] arguments)
    {
        Execution.HeedInterruption();
        var called = ProgramNames.Called();
        if (!ProgramNames.IsLegacy(called) && arguments is [var first, .. var rest] && ProgramNames.IsKnown(first))
        {
            (called, arguments) = (first, rest);
        }

        var options = new CommonOptions();
        var name = ProgramNames.IsLegacy(called) ? called : "nix";
        Session? session = null;
        string? scriptDirectory = null;
        var mask = FileCreationMask.Replace(FileCreationMask.ForStores);
        using var interruption = new Interruption();
        using var output = new Output(Console.OpenStandardOutput());
        try
        {
            if (name == "nix" && NixShebang.Expand(arguments) is var (expanded, folder))
            {
                (arguments, scriptDirectory) = (expanded, folder);
            }

            if (name == "nix" && arguments is ["help", .. var topic])
            {
                arguments = [.. topic, "--help"];
            }

            if (name == "nix" && AtCursor(arguments) is { } cursor)
            {
                new Completer(arguments, cursor, o => MakeSession(o)).Complete().Write(output);
                return 0;
            }

            if (name == "nix" && arguments is [CommandDump.Name])
            {
                output.Json(pretty: false, CommandDump.Write);
                output.Flush();
                return 0;
            }

            var (command, words, remaining) = ProgramNames.IsLegacy(name)
                ? LegacyCommands.Find(name, arguments)
                : CommandTable.Find(arguments, options, called == OwnName ? OwnName : name);
            var grammar = new Grammar();
            options.Declare(grammar);
            if (ProgramNames.IsLegacy(name))
            {
                options.DeclareLegacy(grammar);
            }
            else
            {
                options.DeclareNew(grammar);
                options.Format = LogFormat.Bar;
                options.Verbosity = Terminal.IsErrorTerminal && options.Verbosity == Verbosity.Info ? Verbosity.Notice : options.Verbosity;
            }

            command.SetDefaults(options);
            command.Declare(grammar);
            Parse(grammar, remaining, options);
            if (options.WantsVersion)
            {
                PrintVersion(name, options, output);
                return 0;
            }

            if (options.WantsHelp)
            {
                output.Text.Write(HelpText.Of(words, command, grammar));
                output.Flush();
                return ProgramNames.IsLegacy(name) ? MissingManual(options) : 0;
            }

            session = MakeSession(options, mask, interruption, [name, .. arguments], scriptDirectory);
            var status = command.Run(session, output);
            output.Flush();
            return status;
        }
        catch (Exception e)
        {
            return Report(e, called == OwnName ? OwnName : name, options, session);
        }
        finally
        {
            session?.Dispose();
            (session?.Log as IDisposable)?.Dispose();
        }
    }

    // Shells count the program's name.
    private static int? AtCursor(string[] arguments) =>
        int.TryParse(System.Environment.GetEnvironmentVariable("NIX_GET_COMPLETIONS"), out var word) && word > 0 && word <= arguments.Length
            ? word - 1
            : null;

    private static void Parse(Grammar grammar, IReadOnlyList<string> arguments, CommonOptions options)
    {
        // Whoever asks for help or the version gets it, whatever else is wrong with the line.
        try
        {
            ArgumentParser.Parse(grammar, arguments);
        }
        catch (UsageException) when (options.WantsHelp || options.WantsVersion)
        {
        }
    }

    // Scripts tell by message and status that the old commands' manual pages cannot be shown, although our help needs none.
    private static int MissingManual(CommonOptions options)
    {
        var path = System.Environment.GetEnvironmentVariable("PATH") ?? "";
        if (path.Split(':', StringSplitOptions.RemoveEmptyEntries).Length > 0)
        {
            return 0;
        }

        ((IMessageLog)Logs.Make(options)).Write(
            Verbosity.Error,
            "The 'man' command was not found, but it is needed for 'nix-env' and some other 'nix-*' commands' help text. Perhaps you could install the 'man' command?");
        return 1;
    }

    private static Session MakeSession(CommonOptions options, int mask = 0, Interruption? interruption = null, IReadOnlyList<string>? arguments = null, string? directory = null) =>
        new(new ConfigurationFiles(System.Environment.GetEnvironmentVariable), options.Settings, System.Environment.GetEnvironmentVariable, Logs.Make(options))
        {
            Arguments = arguments,
            BaseDirectory = directory ?? System.Environment.CurrentDirectory,
            IsReadOnly = options.IsReadOnly,
            UserMask = mask,
            ShowsBuildLogs = options.ShowsBuildLogs,
            FindCancellation = interruption is null ? () => CancellationToken.None : interruption.Token,
            ForgetInterruption = interruption is null ? () => { } : interruption.Forget,
        };

    private static void PrintVersion(string name, CommonOptions options, Output output)
    {
        // The version stands third, where scripts look for it.
        output.Line($"{name} (Firn-{typeof(Invocation).Assembly.GetName().Version?.ToString(3)}) {NixVersion}");
        if (options.Verbosity > Verbosity.Info)
        {
            var session = MakeSession(options);
            var build = session.Get<Building.BuildSettings>();
            output.Line($"System type: {build.System}");
            output.Line($"Additional system types: {string.Join(", ", build.ExtraPlatforms)}");
            output.Line("Features: gc, signed-caches");
            output.Line($"System configuration file: {session.Files.SystemFile}");
            output.Line($"User configuration files: {string.Join(':', session.Files.UserFiles)}");
            output.Line($"Store directory: {session.Layout.Directory.Path}");
            output.Line($"State directory: {session.Layout.StateDirectory}");
        }

        output.Flush();
    }

    private static int Report(Exception exception, string name, CommonOptions options, Session? session)
    {
        var log = session?.Log as IDiagnosticLog ?? Logs.Make(options);
        var showsTrace = ShowsTrace(options, session);
        switch (exception)
        {
            case UsageException e:
                log.Write(e.Diagnostic, showsTrace);
                log.Write(Verbosity.Error, $"Try '{name} --help' for more information.");
                return 1;
            case FirnException e:
                log.Write(e.Diagnostic, showsTrace);
                return e.ExitStatus;
            case OperationCanceledException:
                log.Write(new Diagnostic(CliErrors.Interrupted, "interrupted by the user"), showsTrace);
                return 1;
            case IOException or UnauthorizedAccessException:
                log.Write(new Diagnostic(CliErrors.File, exception.Message), showsTrace);
                return 1;
            default:
                log.Write(InternalError(exception), showsTrace);
                return 1;
        }
    }

    private static bool ShowsTrace(CommonOptions options, Session? session)
    {
        try
        {
            return session?.Get<SessionSettings>().ShowTrace ?? options.Settings.Contains(new Assignment("show-trace", "true", true));
        }
        catch (Exception)
        {
            // The settings are what is wrong, and what is being reported.
            return false;
        }
    }

    // Where it happened, in one line: enough to find the place, and no page of frames.
    private static Diagnostic InternalError(Exception exception) => new(
        CliErrors.Internal,
        $"internal error: {exception.GetType().Name}: {exception.Message}")
    {
        Hints =
        [
            $"This is a mistake in Firn, not in what you did{Place(exception)}.",
            "Please report it with the command that you ran; FIRN_DEBUG=1 adds the details that help to find it.",
            .. System.Environment.GetEnvironmentVariable("FIRN_DEBUG") is { Length: > 0 } ? (string[])[exception.ToString()] : [],
        ],
    };

    private static string Place(Exception exception)
    {
        var line = exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim();
        return line is null ? "" : $" ({(line.IndexOf('(') is > 0 and var open ? line[..open] : line)})";
    }
}
