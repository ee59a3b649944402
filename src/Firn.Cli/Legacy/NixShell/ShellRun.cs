using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Firn.Building;
using Firn.Building.Environments;
using Firn.Building.Options;
using Firn.Building.Outputs;
using Firn.Cli.Rendering;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Processes;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixShell;

/// <summary>Runs bash with the environment of a derivation.</summary>
internal sealed class ShellRun(Session session, bool isPure, IReadOnlyList<string> kept, string command, bool isInteractive)
{
    private static readonly string[] _alwaysKept =
    [
        "HOME", "XDG_RUNTIME_DIR", "USER", "LOGNAME", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "PATH", "TERM",
        "IN_NIX_SHELL", "NIX_SHELL_PRESERVE_PROMPT", "TZ", "PAGER", "NIX_BUILD_SHELL", "SHLVL",
        "http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ];

    /// <summary>Runs the shell to its end and returns its status.</summary>
    public int Run(StorePath path, Derivation derivation)
    {
        var directory = Directory.CreateTempSubdirectory("nix-shell-").FullName;
        try
        {
            var shell = session.Environment("NIX_BUILD_SHELL") is { Length: > 0 } given ? given : "bash";
            var program = FindProgram(shell);
            var environment = Environment(derivation, directory);
            var startFile = Path.Combine(directory, "rc");
            File.WriteAllText(startFile, StartText(directory, program, environment.ContainsKey("NIX_ATTRS_SH_FILE")));
            session.Log.Write(Verbosity.Vomit, $"running '{program}' for '{session.StoreDirectory.Absolute(path)}' with '{startFile}'");
            return Start(program, isInteractive ? ["bash", "--rcfile", startFile] : ["bash", startFile], environment);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private SortedDictionary<string, string> Environment(Derivation derivation, string directory)
    {
        var variables = new SortedDictionary<string, string>(Utf8Order.Comparer);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!isPure || _alwaysKept.Contains(name) || kept.Contains(name))
            {
                variables[name] = (string)variable.Value!;
            }
        }

        variables["IN_NIX_SHELL"] = isPure ? "pure" : "impure";
        if (isPure)
        {
            variables["__ETC_PROFILE_SOURCED"] = "1";
        }

        var cores = session.Get<BuildSettings>().Cores is > 0 and var set ? set : System.Environment.ProcessorCount;
        var built = BuilderEnvironment.Make(
            new EnvironmentSource
            {
                Derivation = derivation,
                Options = DerivationOptions.Read(derivation, session.StoreDirectory, isResolved: true),
                Directory = session.StoreDirectory,
                BuildDirectory = directory,
                Cores = cores,
            },
            new Rewrites());
        foreach (var (name, content) in built.Files)
        {
            File.WriteAllBytes(Path.Combine(directory, name), content.Bytes);
        }

        foreach (var (name, value) in built.Variables)
        {
            // These keep a builder from what a person's shell needs.
            if (derivation.FindEnvironment(name.Span) is not null || name.ToString() is not ("PATH" or "HOME" or "TERM" or "PWD" or "NIX_LOG_FD" or "NIX_OUTPUT_CHECKED"))
            {
                variables[name.ToString()] = value.ToString();
            }
        }

        return variables;
    }

    /// <summary>What bash reads first: it sets the builder's environment up and then runs the command.</summary>
    private string StartText(string directory, string shell, bool isStructured)
    {
        var quoted = ShellText.Quote(shell);
        var colour = System.Environment.IsPrivilegedProcess ? "1;31m" : "1;32m";
        var zone = session.Environment("TZ") is { } tz ? $"export TZ={ShellText.Quote(tz)}; " : "";
        return $"""
            {(isPure ? "" : "[ -n \"$PS1\" ] && [ -e ~/.bashrc ] && source ~/.bashrc; p=$PATH; ")}unset PATH; dontAddDisableDepTrack=1;
            {(isStructured ? "source \"$NIX_ATTRS_SH_FILE\"" : "")}
            [ -e $stdenv/setup ] && source $stdenv/setup; {(isPure ? "" : "PATH=$PATH:$p; unset p; ")}PATH={ShellText.Quote(Path.GetDirectoryName(shell) ?? "")}:"$PATH"; SHELL={quoted}; BASH={quoted}; set +e; [ -n "$PS1" -a -z "$NIX_SHELL_PRESERVE_PROMPT" ] && PS1='\n\[\033[{colour}\][nix-shell:\w]\$\[\033[0m\] '; if [ "$(type -t runHook)" = function ]; then runHook shellHook; fi; unset NIX_ENFORCE_PURITY; shopt -u nullglob; unset TZ; {zone}shopt -s execfail;{command}
            """;
    }

    private string FindProgram(string shell)
    {
        if (shell.Contains('/'))
        {
            return shell;
        }

        return (session.Environment("PATH") ?? "").Split(':').Select(d => Path.Combine(d, shell)).FirstOrDefault(File.Exists)
            ?? throw new CommandException($"cannot find the shell '{shell}' in PATH", "Name one by the variable NIX_BUILD_SHELL.");
    }

    private static int Start(string program, string[] arguments, SortedDictionary<string, string> environment)
    {
        // The shell decides what Ctrl-C means, not we.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var child = ChildProcess.Start(new ChildOptions
        {
            Program = ByteString.Of(program),
            Arguments = [.. arguments.Select(ByteString.Of)],
            Environment = [.. environment.Select(v => ByteString.Of($"{v.Key}={v.Value}"))],
            Descriptors = [new(0, 0), new(1, 1), new(2, 2)],
        });
        var end = child.Wait();
        return end.ExitCode ?? 128 + (end.Signal ?? 0);
    }
}
