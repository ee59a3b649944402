using Firn.Evaluation.Host;

namespace Firn.Evaluation;

/// <summary>What expressions may read and fetch when evaluation is pure or restricted.</summary>
public sealed partial class Evaluator
{
    private const int MaxLinks = 64;

    internal bool IsRestricted => Settings.PureEval || Settings.RestrictEval;

    /// <summary>Lets expressions read <paramref name="path"/> and what is below it.</summary>
    internal void AllowAccess(string path) => _shared.Allowed.TryAdd(path, true);

    /// <summary>Checks that <paramref name="path"/> may be read.</summary>
    /// <exception cref="EvaluationException">Evaluation is pure or restricted and the path is not given.</exception>
    internal void CheckAccess(string path, int position)
    {
        if (!MayRead(path))
        {
            throw Error(
                EvaluationErrors.Forbidden, position,
                $"access to absolute path '{path}' is forbidden {(Settings.PureEval ? "in pure evaluation mode (use '--impure' to override)" : "in restricted mode")}");
        }
    }

    /// <summary>Checks that <paramref name="uri"/> may be fetched.</summary>
    internal void CheckUri(string uri)
    {
        if (!Settings.RestrictEval || Settings.AllowedUris.Any(prefix => IsAllowedBy(uri, prefix)))
        {
            return;
        }

        if (uri.StartsWith('/') || uri.StartsWith("file://", StringComparison.Ordinal))
        {
            CheckAccess(PathText.Canonical(uri.StartsWith('/') ? uri : uri["file://".Length..]), 0);
            return;
        }

        throw Error(
            EvaluationErrors.Forbidden, 0, $"access to URI '{uri}' is forbidden in restricted mode",
            "Add its beginning to the setting allowed-uris.");
    }

    /// <summary>Tells whether <paramref name="path"/> may be read.</summary>
    internal bool MayRead(string path)
    {
        if (!IsRestricted)
        {
            return true;
        }

        for (var above = path; ; above = PathText.Parent(above))
        {
            if (_shared.Allowed.ContainsKey(above))
            {
                return true;
            }

            if (above == "/")
            {
                break;
            }
        }

        // Looking into the folders above what is allowed is allowed: how else would one get there.
        return _shared.Allowed.Any(allowed => PathText.IsWithin(allowed.Key, path)) || CoreFiles.Contains(path);
    }

    /// <summary>Checks that <paramref name="path"/> may be read and that no link on the way leads out of what may; returns where it leads.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="followsLast">Whether a link at its very end is followed too.</param>
    /// <param name="position">Where an error happens.</param>
    internal string CheckLinks(string path, bool followsLast, int position)
    {
        if (!IsRestricted || CoreFiles.Contains(path))
        {
            return path;
        }

        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var resolved = "/";
        var links = 0;
        while (pending.TryPop(out var step))
        {
            if (step is "." or "..")
            {
                resolved = step == "." ? resolved : PathText.Parent(resolved);
                continue;
            }

            var next = PathText.Append(resolved, step);
            CheckAccess(next, position);
            var real = Host.Store.RealPath(next);
            if ((pending.Count == 0 && !followsLast) || Host.Files.FindKind(real) != FileKind.Link)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw Error(EvaluationErrors.FileNotFound, position, $"too many symbolic links encountered while traversing the path '{path}'");
            }

            var target = Host.Files.ReadLink(real);
            resolved = target.StartsWith('/') ? "/" : resolved;
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                pending.Push(part);
            }
        }

        CheckAccess(resolved, position);
        return resolved;
    }

    // A prefix ends at a step of the path: https://a.b does not allow https://a.bc.
    private static bool IsAllowedBy(string uri, string prefix) =>
        uri == prefix
        || (uri.StartsWith(prefix, StringComparison.Ordinal)
            && (prefix.EndsWith('/') || uri[prefix.Length] is '/' or '?' or '#' || prefix.EndsWith(':')));
}
