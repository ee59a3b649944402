using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Config;

/// <summary><c>nix config check</c>, also <c>nix doctor</c>: looks for what is commonly wrong with an installation.</summary>
internal sealed class ConfigCheckCommand : Command
{
    private const int FoundProblems = 2;

    public override string Summary => "check your system for potential problems and print a PASS or FAIL for each check";

    public override void Declare(Grammar grammar) { }

    public override int Run(Session session, Output output)
    {
        session.Log.Write(Verbosity.Error, $"Running checks against store uri: {session.Reference}");
        // Opening it is the first check.
        var store = session.Store;
        store.Connection?.Connect();
        var isOnDisk = store.HasFilesHere;
        var problems = 0;
        if (isOnDisk)
        {
            var path = (session.Environment("PATH") ?? "").Split(':').Where(d => d.StartsWith('/')).ToList();
            problems += Tell(session, Programs(path)) + Tell(session, Profiles(session, path));
        }

        problems += Tell(session, "PASS Client protocol matches store protocol.");
        bool? trusts = store.Local is not null ? true : store.Connection?.TrustsUs;
        session.Log.Write(Verbosity.Error, trusts is { } isTrusted
            ? $"[INFO] You are {(isTrusted ? "trusted" : "not trusted")} by store uri: {session.Reference}"
            : $"[INFO] Store uri: {session.Reference} doesn't have a notion of trusted user");
        return problems == 0 ? 0 : FoundProblems;
    }

    private static string Programs(IReadOnlyList<string> path)
    {
        var folders = path.Select(d => $"{d}/nix-env").Where(File.Exists)
            .Select(f => Path.GetDirectoryName(File.ResolveLinkTarget(f, returnFinalTarget: true)?.FullName ?? f)!).Distinct().ToList();
        return folders switch
        {
            [] => "FAIL No nix-env found in PATH.",
            [_] => "PASS PATH contains only one nix version.",
            _ => "FAIL Multiple versions of nix found in PATH:\n" + string.Concat(folders.Select(f => $"  {f}\n")),
        };
    }

    private static string Profiles(Session session, IReadOnlyList<string> path)
    {
        bool IsLoose(string folder)
        {
            var profile = Path.GetDirectoryName(folder) ?? "/";
            for (var links = 0; links < 40 && !profile.Split('/').Contains("profiles"); links++)
            {
                if (new FileInfo(profile).LinkTarget is not { } target)
                {
                    return session.StoreDirectory.TrySplit(profile, out var found, out _) && found.Name == "user-environment";
                }

                profile = Path.GetFullPath(target, Path.GetDirectoryName(profile) ?? "/");
            }

            return false;
        }

        var loose = path.Where(IsLoose).Distinct().ToList();
        return loose.Count == 0
            ? "PASS All profiles are gcroots."
            : $"FAIL Found profiles outside of {session.Layout.StateDirectory}/profiles.\n"
                + "The generation this profile points to might not have a gcroot and could be\n"
                + "garbage collected, resulting in broken symlinks.\n\n" + string.Concat(loose.Select(f => $"  {f}\n"));
    }

    private static int Tell(Session session, string result)
    {
        session.Log.Write(Verbosity.Error, $"[{result[..4]}] {result[5..].TrimEnd()}");
        return result.StartsWith("FAIL", StringComparison.Ordinal) ? 1 : 0;
    }
}
