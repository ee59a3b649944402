using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Firn.Tests;

/// <summary>C++ Nix, to compare with: what <c>eng/reference install</c> brings, or is in the folder <c>FIRN_REFERENCE</c>.</summary>
internal static class Reference
{
    private static readonly string _checkout = Path.GetFullPath($"{Here()}/../..");
    private static readonly string _folder = Environment.GetEnvironmentVariable("FIRN_REFERENCE") ?? $"{_checkout}/.firn/reference";

    /// <summary>Skips the test when it is not installed.</summary>
    internal static void Require() =>
        Assert.SkipUnless(File.Exists($"{_folder}/usr/bin/nix"), "C++ Nix is not installed: eng/reference install");

    /// <summary>Runs one of its commands, which must succeed, and returns the bytes that it writes.</summary>
    internal static byte[] RunForBytes(byte[] input, string command, params string[] arguments)
    {
        var loader = Directory.GetFiles($"{_folder}/usr/lib64", "ld-linux*.so.*").Concat(Directory.GetFiles($"{_folder}/usr/lib", "ld-linux*.so.*")).First();
        var libraries = Directory.GetDirectories($"{_folder}/usr/lib", "*-linux-gnu").First();
        var start = new ProcessStartInfo(loader, ["--argv0", command, "--library-path", libraries, $"{_folder}/usr/bin/nix", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NIX_CONF_DIR"] = $"{_folder}/etc/nix";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{errors.GetAwaiter().GetResult()}");
        return output.ToArray();
    }

    /// <summary>Runs one of its commands, which must succeed, and returns the text that it writes.</summary>
    internal static string Run(string command, params string[] arguments) =>
        System.Text.Encoding.UTF8.GetString(RunForBytes([], command, arguments)).TrimEnd('\n');

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
