using Firn.Cli.Parsing;

namespace Firn.Cli.Rendering;

/// <summary>Makes the log that the command line asks for.</summary>
internal static class Logs
{
    public static IDiagnosticLog Make(CommonOptions options)
    {
        var error = Console.OpenStandardError();
        IDiagnosticLog log = options.Format switch
        {
            LogFormat.InternalJson => new JsonLog(error, "@nix ", options.Verbosity),
            LogFormat.Bar when Terminal.IsErrorTerminal =>
                new LiveLog(error, options.Verbosity, options.ShowsBuildLogs, Terminal.ErrorColours, TimeProvider.System),
            _ => new PlainLog(error, options.Verbosity, options.ShowsBuildLogs, namesBuilds: options.Format == LogFormat.Bar, Terminal.ErrorColours),
        };
        log = options.ShowsErrorsAsJson ? new JsonErrorsLog(log, error) : log;
        var file = options.Settings.FindLast(s => s.Name == "json-log-path").Value;
        return string.IsNullOrEmpty(file)
            ? log
            : new TeeLog(log, new JsonLog(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), "", options.Verbosity));
    }
}
