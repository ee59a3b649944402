using System.Runtime.CompilerServices;

namespace Firn.Tests;

/// <summary>Compares a result with the file that holds what it must be; <c>UPDATE_GOLDEN=1</c> rewrites it.</summary>
internal static class Golden
{
    internal static TheoryData<string> Cases(string pattern, [CallerFilePath] string test = "") =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(test)!, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.GetDirectoryName(test)!, file))
            .Order(StringComparer.Ordinal)];

    internal static void Check(string expectedFile, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(expectedFile, actual);
        }

        Assert.Equal(File.Exists(expectedFile) ? File.ReadAllText(expectedFile) : "", actual);
    }
}
