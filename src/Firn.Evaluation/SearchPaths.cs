using Firn.Evaluation.Host;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Finds what names in angle brackets mean.</summary>
public static class SearchPaths
{
    private const string CorePrefix = "nix/";

    /// <summary>Returns the search path as <c>builtins.nixPath</c> has it.</summary>
    public static Value AsValue(Evaluator eval)
    {
        var entries = eval.Settings.PureEval ? [] : eval.Options.SearchPath;
        return NixList.Of(entries.Select(entry =>
        {
            var set = new AttributeSetBuilder(2);
            set.Add(eval.Names.Prefix, NixString.Of(entry.Prefix));
            set.Add(eval.Names.Path, NixString.Of(entry.Path));
            return (Value)set.Build();
        }).ToList());
    }

    /// <summary>Finds <paramref name="name"/> among <paramref name="entries"/>.</summary>
    public static Value Find(Evaluator eval, IEnumerable<SearchPathEntry> entries, string name)
    {
        foreach (var entry in entries)
        {
            if (Rest(entry.Prefix, name) is { } rest && ResolveOrWarn(eval, entry.Path) is { } root)
            {
                // What the user's path names may be read from the start; a list that an expression makes up allows nothing.
                if (IsUrl(entry.Path))
                {
                    eval.AllowAccess(root);
                }

                // With all links followed, as upstream has it: a channel is a link into the store.
                var path = eval.Host.Files.Resolve(eval.CheckLinks(rest.Length == 0 ? root : PathText.Canonical(root + "/" + rest), followsLast: true, 0));
                if (eval.Host.Files.FindKind(eval.Host.Store.RealPath(path)) is not null)
                {
                    return NixPath.Of(path);
                }
            }
        }

        if (name.StartsWith(CorePrefix, StringComparison.Ordinal) && CoreFiles.Find(name[CorePrefix.Length..]) is not null)
        {
            return NixPath.Of(CoreFiles.Directory + name[CorePrefix.Length..]);
        }

        throw eval.Thrown(
            EvaluationErrors.FileNotFound, 0,
            eval.Settings.PureEval
                ? $"cannot look up '<{name}>' in pure evaluation mode (use '--impure' to override)"
                : $"file '{name}' was not found in the Nix search path (add it using $NIX_PATH or -I)");
    }

    /// <summary>Returns the folder that an entry means, or null when it is not there.</summary>
    public static string? Resolve(Evaluator eval, string entry)
    {
        const string flake = "flake:";
        if (entry.StartsWith(flake, StringComparison.Ordinal))
        {
            return eval.Host.Store.Directory.Absolute(eval.Host.Flakes.FetchTree(entry[flake.Length..]));
        }

        if (IsUrl(entry))
        {
            var url = entry.StartsWith("channel:", StringComparison.Ordinal)
                ? $"https://channels.nixos.org/{entry["channel:".Length..]}/nixexprs.tar.xz"
                : entry;
            return eval.Host.Store.Directory.Absolute(eval.Host.Fetcher.FetchTarball(url, "source", null));
        }

        var path = PathText.Canonical(entry);
        return eval.Host.Files.FindKind(eval.Host.Store.RealPath(path)) is null ? null : path;
    }

    private static bool IsUrl(string entry) =>
        entry.Contains("://", StringComparison.Ordinal) || entry.StartsWith("channel:", StringComparison.Ordinal) || entry.StartsWith("flake:", StringComparison.Ordinal);

    // One entry that cannot be had does not spoil those after it.
    private static string? ResolveOrWarn(Evaluator eval, string entry)
    {
        try
        {
            return Resolve(eval, entry);
        }
        catch (Model.Diagnostics.FirnException failure) when (failure is not EvaluationException)
        {
            eval.Host.Tell(MessageKind.Warning, $"Nix search path entry '{entry}' cannot be downloaded, ignoring: {failure.Message}");
            return null;
        }
    }

    private static string? Rest(string prefix, string name)
    {
        if (prefix.Length == 0)
        {
            return name;
        }

        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        return name.Length == prefix.Length ? "" : name[prefix.Length] == '/' ? name[(prefix.Length + 1)..] : null;
    }
}
