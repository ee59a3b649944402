using Firn.Cli.Developing;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Cli.Running;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Commands;

/// <summary><c>nix develop</c>: runs a bash, a phase or a command in the environment in which a derivation is built.</summary>
internal sealed class DevelopCommand : DevelopmentCommand
{
    private readonly EnvironmentOptions _environment = new();
    private readonly List<string> _command = [];
    private string? _phase;

    public override string Summary => "run a bash shell that provides the build environment of a derivation";

    public override string Examples => """
        # The shell of the flake in this folder, devShells.<system>.default:
        $ nix develop
        # One command in it, with nothing else of your environment than HOME:
        $ nix develop --ignore-env --keep-env-var HOME --command make
        # Build a package step by step:
        $ nix develop nixpkgs#hello --unpack
        $ cd hello-*
        $ nix develop nixpkgs#hello --configure
        $ nix develop nixpkgs#hello --build
        # Keep the environment from being collected, and use it again without evaluating anything:
        $ nix develop --profile ./dev-env nixpkgs#hello -c true
        $ nix develop ./dev-env
        """;

    public override string Details => """
        What is built there goes to ./outputs, as nothing can be written to the store. The file ~/.bashrc is read by an
        interactive shell, then the environment is set up, then `shellHook` runs. The shell is `bashInteractive` of the
        flake's input `nixpkgs`, else of what the registry calls `nixpkgs`, else the bash in PATH.
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _environment.Declare(grammar);
        grammar
            .Add(new Option("command", 'c', ["command", "args"], "Instead of starting an interactive shell, start the specified command and arguments.", SetCommand) { TakesRest = true })
            .Value("phase", "phase-name", "The stdenv phase to run (e.g. build or configure).", v => _phase = v);
        foreach (var (option, phase) in (ReadOnlySpan<(string, string)>)
            [("unpack", "unpack"), ("configure", "configure"), ("build", "build"), ("check", "check"), ("install", "install"), ("installcheck", "installCheck")])
        {
            grammar.Flag(option, $"Run the {option} phase.", () => _phase = phase);
        }
    }

    public override int Run(Session session, Output output)
    {
        if (_phase is not null && _command.Count > 0)
        {
            throw new UsageException("you cannot use both '--command' and '--phase'");
        }

        var variables = _environment.Build();
        var installable = Find(session);
        var written = Build(session, installable);
        var code = Code(session, new EnvironmentBuild(session).Read(written));
        var bash = new InteractiveBash(session, Installables).Find(installable);
        var shell = bash ?? "bash";
        variables["NIX_GCROOT"] = session.StoreDirectory.Absolute(written);
        variables["SHELL"] = shell;

        var file = Path.Combine(Path.GetTempPath(), $"nix-shell.{Path.GetRandomFileName()}");
        File.WriteAllText(file, Start(session, code, file, shell, hasFound: bash is not null));
        if (_phase is not null && SourceFolder(installable) is { } folder)
        {
            // Phases expect to be where the sources are.
            System.Environment.CurrentDirectory = folder;
        }

        IReadOnlyList<string> arguments = _phase is null && _command.Count == 0 ? ["--rcfile", file] : [file];
        return ProgramRun.Replace(session, output, shell, arguments, variables);
    }

    /// <summary>Writes what bash reads first; it removes the file that holds it.</summary>
    private string Start(Session session, string code, string file, string shell, bool hasFound)
    {
        code += $"command rm -f {ShellText.Quote(file)}\n";
        if (_phase is not null)
        {
            // The build phase does nothing without one, which the configure phase may have made in another shell.
            code += $"foundMakefile=1\nrunHook {_phase}Phase\n";
        }
        else if (_command.Count > 0)
        {
            code += $"exec {string.Join(' ', _command.Select(ShellText.Quote))}\n";
        }
        else
        {
            var settings = session.Get<SessionSettings>();
            code = "[ -n \"$PS1\" ] && [ -e ~/.bashrc ] && source ~/.bashrc;\nshopt -u expand_aliases\n" + code + "\nshopt -s expand_aliases\n";
            code += settings.BashPrompt.Length > 0 ? $"[ -n \"$PS1\" ] && PS1={ShellText.Quote(settings.BashPrompt)};\n" : "";
            code += settings.BashPromptPrefix.Length > 0 ? $"[ -n \"$PS1\" ] && PS1={ShellText.Quote(settings.BashPromptPrefix)}\"$PS1\";\n" : "";
            code += settings.BashPromptSuffix.Length > 0 ? $"[ -n \"$PS1\" ] && PS1+={ShellText.Quote(settings.BashPromptSuffix)};\n" : "";
        }

        return code + $"SHELL={ShellText.Quote(shell)}\n" + (hasFound ? $"PATH={ShellText.Quote(Path.GetDirectoryName(shell)!)}\"${{PATH:+:$PATH}}\"\n" : "");
    }

    private static string? SourceFolder(Installable installable) =>
        installable is FlakeInstallable flake ? flake.Source.Locked.Flake.Resolved.SourceFolder : null;

    private void SetCommand(IReadOnlyList<string> words)
    {
        _command.Clear();
        _command.AddRange(words.Count > 0 ? words : throw new UsageException("--command requires at least one argument"));
    }
}
