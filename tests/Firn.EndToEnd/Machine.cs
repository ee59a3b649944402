using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Firn.EndToEnd;

/// <summary>A store of its own, which the commands of firn and of C++ Nix see as <c>/nix</c>.</summary>
/// <remarks>
/// firn's commands are those that <c>./run</c> leaves, or in the folder that <c>FIRN_BIN</c> names; C++ Nix is what
/// <c>eng/reference install</c> brings, in <c>.firn/reference</c> or where <c>FIRN_REFERENCE</c> says.
/// </remarks>
internal sealed class Machine : IDisposable
{
    private static readonly string _checkout = FindCheckout();
    private static readonly string _firn = Environment.GetEnvironmentVariable("FIRN_BIN") ?? $"{_checkout}/artifacts/firn";
    private static readonly string _reference = Environment.GetEnvironmentVariable("FIRN_REFERENCE") ?? $"{_checkout}/.firn/reference";

    private readonly string _folder = Directory.CreateTempSubdirectory("firn-machine-").FullName;
    private readonly string _nix;

    /// <summary>Sets up an empty store; settings are lines of nix.conf.</summary>
    internal Machine(params string[] settings)
    {
        Assert.True(File.Exists($"{_firn}/nix"), $"firn is not built in {_firn}: ./run --version builds it");
        _nix = $"{_folder}/nix";
        Directory.CreateDirectory($"{_folder}/etc");
        Directory.CreateDirectory(Home);
        string[] always = ["build-users-group =", "experimental-features = nix-command", "substituters ="];
        File.WriteAllLines($"{_folder}/etc/nix.conf", [.. always, .. settings]);
    }

    /// <summary>Whether C++ Nix is there to compare with.</summary>
    internal static bool HasReference => File.Exists($"{_reference}/usr/bin/nix");

    /// <summary>The project's own files.</summary>
    internal static string Checkout => _checkout;

    /// <summary>Where C++ Nix is installed.</summary>
    internal static string ReferenceFolder => _reference;

    /// <summary>The setting that gives sandboxes a shell that needs nothing else.</summary>
    internal static string StaticShell => $"sandbox-paths = /bin/sh={_reference}/usr/bin/bash-static";

    internal string Home => $"{_folder}/home";

    /// <summary>The script that has a command see a folder as <c>/nix</c>.</summary>
    internal static string WithNix => $"{_checkout}/eng/with-nix";

    /// <summary>The folder that holds <c>nix</c>, which is this machine's <c>/nix</c>: what other machines see of it.</summary>
    internal string Folder => _folder;

    /// <summary>The folder of firn's commands.</summary>
    internal static string FirnCommands => _firn;

    /// <summary>The folder of C++ Nix's commands.</summary>
    internal string ReferenceCommands
    {
        get
        {
            var commands = $"{_folder}/reference";
            if (!Directory.Exists(commands))
            {
                Process.Start($"{_checkout}/eng/reference", ["bindir", _reference, commands, "--direct"]).WaitForExit();
            }

            return commands;
        }
    }

    /// <summary>A command line that another machine may run to be on this one, as ssh would.</summary>
    internal string Enter => $"{_checkout}/eng/with-nix {_nix} env NIX_CONF_DIR={_folder}/etc HOME={Home}";

    /// <summary>Runs one of firn's commands and returns its output; it must succeed.</summary>
    internal string Firn(string command, params string[] arguments) => MustSucceed(Start([$"{_firn}/{command}", .. arguments]));

    /// <summary>Runs one of C++ Nix's commands and returns its output; it must succeed.</summary>
    internal string Reference(string command, params string[] arguments) =>
        MustSucceed(Start([$"{ReferenceCommands}/{command}", .. arguments]));

    /// <summary>Runs one of firn's commands, which must fail as a program should: with a word, not with a trace of calls.</summary>
    internal Failure Fails(string command, params string[] arguments) => MustFail(Start([$"{_firn}/{command}", .. arguments]));

    /// <summary>Runs a line of shell that must fail in the same way.</summary>
    internal Failure FailsInShell(string line) => MustFail(Start(["sh", "-c", line]));

    /// <summary>Starts one of firn's commands and kills it, with everything it started, after a while.</summary>
    internal void KillFirn(TimeSpan after, string command, params string[] arguments)
    {
        using var process = Start([$"{_firn}/{command}", .. arguments]);
        if (!process.WaitForExit(after))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    /// <summary>Starts one of firn's commands, which goes on while the test does; its output is the test's to read.</summary>
    internal Process StartFirn(string command, params string[] arguments) => Start([$"{_firn}/{command}", .. arguments]);

    /// <summary>Starts a line of shell, which goes on while the test does.</summary>
    internal Process StartShell(string line) => Start(["sh", "-c", line]);

    /// <summary>Runs a line of shell that sees the store.</summary>
    internal string Shell(string line) => MustSucceed(Start(["sh", "-c", line]));

    /// <summary>Runs a script on an empty store on a file system of so many megabytes; it must succeed.</summary>
    internal string OnSmallDisk(int megabytes, string script, out string errors)
    {
        var small = $"{_folder}/small";
        Directory.CreateDirectory(small);
        using var process = Start(
            ["sh", "-c", $"mount -t tmpfs -o mode=755,size={megabytes}m none {small} && exec {_checkout}/eng/with-nix {small}/nix sh -c \"$0\"", script],
            ["unshare", "--user", "--map-root-user", "--mount"]);
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors = said.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"the script ended with {process.ExitCode}:\n{errors}");
        return output.TrimEnd('\n');
    }

    /// <summary>Writes a file into the home folder and returns its path.</summary>
    internal string Write(string name, string text)
    {
        var path = Path.Combine(Home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        Process.Start("chmod", ["-R", "u+w", _folder]).WaitForExit();
        Directory.Delete(_folder, recursive: true);
    }

    private static Failure MustFail(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode is > 0 and < 125, $"{string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}:\n{errors}");
            Assert.NotEqual("", errors);
            Assert.DoesNotContain("   at Firn.", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at System.", errors, StringComparison.Ordinal);
            return new Failure(process.ExitCode, errors, output.GetAwaiter().GetResult());
        }
    }

    private static string MustSucceed(Process process)
    {
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}:\n{errors.GetAwaiter().GetResult()}{output}");
            return output.TrimEnd('\n');
        }
    }

    private Process Start(string[] command) => Start(command, [$"{_checkout}/eng/with-nix", _nix]);

    private Process Start(string[] command, string[] around)
    {
        var start = new ProcessStartInfo(around[0], [.. around[1..], .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Home,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("NIX_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Home;
        start.Environment["NIX_CONF_DIR"] = $"{_folder}/etc";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static string FindCheckout([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}

/// <summary>How a command failed.</summary>
internal sealed record Failure(int ExitCode, string Errors, string Output);
