using Firn.Evaluation.Host;

namespace Firn.Sessions.Ports;

/// <summary>Follows symbolic links.</summary>
internal static class LinkResolver
{
    private const int MaxLinks = 64;

    /// <summary>Returns <paramref name="path"/> with all links followed; what does not exist stays as it is.</summary>
    public static string Resolve(IFileTree files, string path)
    {
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
            if (files.FindKind(next) != FileKind.Link || links++ == MaxLinks)
            {
                resolved = next;
                continue;
            }

            var target = files.ReadLink(next);
            resolved = target.StartsWith('/') ? "/" : resolved;
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                pending.Push(part);
            }
        }

        return resolved;
    }
}
