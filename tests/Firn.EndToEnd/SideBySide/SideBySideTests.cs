using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Firn.EndToEnd.SideBySide;

/// <summary>firn and C++ Nix evaluate the same expressions; values, classes of errors, derivations and stores are the same.</summary>
public sealed class SideBySideTests
{
    [Theory]
    [InlineData("expressions.txt")]
    public async Task Both_give_the_same(string list)
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        var here = Here();
        var start = new ProcessStartInfo(
            Path.GetFullPath($"{here}/../../../eng/differential"),
            ["--firn", Machine.FirnCommands, "--reference", Machine.ReferenceFolder, $"{here}/{list}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, $"{output}\n{await errors}");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
