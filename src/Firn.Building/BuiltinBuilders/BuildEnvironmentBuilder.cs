using System.Globalization;
using Firn.Platform.Files;

namespace Firn.Building.BuiltinBuilders;

/// <summary><c>builtin:buildenv</c>: a tree of links to the files of several packages, as a user's environment is.</summary>
internal static class BuildEnvironmentBuilder
{
    public static void Run(BuiltinBuild build)
    {
        FilePath.CreateDirectories(build.Output);
        new LinkTree(build.Output, new LinkedFiles(build.RealPath, build.OpenFile, build.OpenFolder), build.Print, build.Cancellation).Add(Packages(build.Attribute("derivations")));
        SymbolicLink.Create($"{build.Output}/manifest.nix", build.Attribute("manifest"));
    }

    private static List<(string Path, int Priority)> Packages(string text)
    {
        var words = new Queue<string>(text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        var packages = new List<(string, int)>();
        try
        {
            while (words.TryDequeue(out var active))
            {
                var priority = int.Parse(words.Dequeue(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                for (var outputs = int.Parse(words.Dequeue(), NumberStyles.None, CultureInfo.InvariantCulture); outputs > 0; outputs--)
                {
                    var path = words.Dequeue();
                    if (active != "false")
                    {
                        packages.Add((path, priority));
                    }
                }
            }
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException)
        {
            throw BuiltinBuild.Failed($"attribute 'derivations' is not a list of packages: {e.Message}");
        }

        return packages;
    }
}
