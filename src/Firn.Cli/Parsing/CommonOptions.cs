using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Parsing;

/// <summary>The options that every command has: how much is shown, and settings.</summary>
internal sealed class CommonOptions
{
    private const string Logging = "Logging-related options";
    private const string Miscellaneous = "Miscellaneous global options";

    /// <summary>The settings given, in order.</summary>
    public List<Assignment> Settings { get; } = [];

    public Verbosity Verbosity { get; set; } = Verbosity.Info;

    public LogFormat Format { get; set; } = LogFormat.Raw;

    /// <summary>Whether what builds print is shown as they print it.</summary>
    public bool ShowsBuildLogs { get; set; }

    /// <summary>Whether errors are written as JSON.</summary>
    public bool ShowsErrorsAsJson { get; private set; }

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    /// <summary>Whether nothing may be written to the store.</summary>
    public bool IsReadOnly { get; private set; }

    public void Set(string name, string value) => Settings.Add(new Assignment(name, value, IsOverride: true));

    /// <summary>Adds what all commands understand.</summary>
    public void Declare(Grammar grammar)
    {
        grammar.ApplySetting = Set;
        grammar
            .Flag("help", "Show usage information.", () => WantsHelp = true, category: Miscellaneous)
            .Flag("version", "Show version information.", () => WantsVersion = true, category: Miscellaneous)
            .Flag("verbose", "Increase the logging verbosity level.", () => Verbosity = (Verbosity)Math.Min((int)Verbosity + 1, (int)Verbosity.Vomit), 'v', Logging)
            .Flag("quiet", "Decrease the logging verbosity level.", () => Verbosity = (Verbosity)Math.Max((int)Verbosity - 1, (int)Verbosity.Error), category: Logging)
            .Flag("debug", "Set the logging verbosity level to 'debug'.", () => Verbosity = Verbosity.Debug, category: Logging)
            .Value("log-format", "format", "Set the format of log output: raw, raw-with-logs, internal-json, bar or bar-with-logs.", SetFormat, category: Logging)
            .Value("error-format", "format", "How errors are written: human or json, one object a line.", SetErrorFormat, category: Logging)
            .Pair("option", "name", "value", "Set the setting name to value, overriding nix.conf.", Set, category: Miscellaneous)
            .Value("max-jobs", "jobs", "The maximum number of parallel builds.", v => Set("max-jobs", v), 'j', Miscellaneous);
    }

    /// <summary>Adds what only the old commands understand.</summary>
    public void DeclareLegacy(Grammar grammar)
    {
        ShowsBuildLogs = true;
        grammar.UnknownMessage = "unknown flag";
        grammar
            .Flag("no-build-output", "Do not show build output.", () => ShowsBuildLogs = false, 'Q')
            .Flag("keep-failed", "Keep temporary directories of failed builds.", () => Set("keep-failed", "true"), 'K')
            .Flag("keep-going", "Keep going after a build fails.", () => Set("keep-going", "true"), 'k')
            .Flag("fallback", "Build from source if substitution fails.", () => Set("fallback", "true"))
            .Flag("readonly-mode", "Do not write to the Nix store.", () => IsReadOnly = true)
            .Flag("no-gc-warning", "Disable warnings about not using --add-root.", () => { })
            .Value("store", "store-uri", "The URL of the Nix store to use.", v => Set("store", v));
    }

    /// <summary>Adds what only the new commands understand.</summary>
    public void DeclareNew(Grammar grammar)
    {
        grammar
            .Flag("print-build-logs", "Print full build logs on standard error.", () => ShowsBuildLogs = true, 'L', Logging)
            .Flag("offline", "Disable substituters and consider all previously downloaded files up-to-date.", GoOffline, category: Miscellaneous, aliases: ["no-net"])
            .Flag("refresh", "Consider all previously downloaded files out-of-date.", Refresh, category: Miscellaneous)
            .Flag("keep-failed", "Keep temporary directories of failed builds.", () => Set("keep-failed", "true"), category: Miscellaneous)
            .Flag("keep-going", "Keep going after a build fails.", () => Set("keep-going", "true"), category: Miscellaneous)
            .Flag("readonly-mode", "Do not write to the Nix store.", () => IsReadOnly = true, category: Miscellaneous);
    }

    private void GoOffline()
    {
        Set("substitute", "false");
        Set("tarball-ttl", $"{uint.MaxValue}");
        Set("download-attempts", "1");
        Set("connect-timeout", "1");
    }

    private void Refresh()
    {
        string[] settings = ["tarball-ttl", "narinfo-cache-negative-ttl", "narinfo-cache-positive-ttl", "narinfo-cache-meta-ttl"];
        foreach (var setting in settings)
        {
            Set(setting, "0");
        }
    }

    private void SetErrorFormat(string name) => ShowsErrorsAsJson = name switch
    {
        "human" => false,
        "json" => true,
        _ => throw new UsageException($"option 'error-format' has an invalid value '{name}'; it is human or json"),
    };

    private void SetFormat(string name)
    {
        (Format, var logs) = name switch
        {
            "raw" => (LogFormat.Raw, false),
            "raw-with-logs" => (LogFormat.Raw, true),
            "internal-json" => (LogFormat.InternalJson, true),
            "bar" => (LogFormat.Bar, ShowsBuildLogs),
            "bar-with-logs" => (LogFormat.Bar, true),
            _ => throw new UsageException($"option 'log-format' has an invalid value '{name}'"),
        };
        ShowsBuildLogs = logs;
    }
}
