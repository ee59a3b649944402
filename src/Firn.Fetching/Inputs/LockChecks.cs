using Firn.Model.Hashing;

namespace Firn.Fetching.Inputs;

/// <summary>Compares what was fetched with what the input said.</summary>
internal static class LockChecks
{
    /// <summary>Returns what is known about the input now.</summary>
    /// <exception cref="FetchException">Something the input said is not so.</exception>
    internal static InputAttributes Check(InputAttributes specified, InputAttributes found, Func<InputAttributes, string> toUrl)
    {
        if (specified.IsFinal)
        {
            specified = specified.NarHash is { } hash ? specified.With("narHash", hash.ToString(HashFormat.Sri)) : specified;
            var differing = specified.Values.FirstOrDefault(v => found.Values.TryGetValue(v.Key, out var other) && !other.Equals(v.Value)).Key;
            return differing is null
                ? specified
                : throw new FetchException(FetchErrors.HashMismatch,
                    $"mismatch in field '{differing}' of input '{specified.ToJson()}', got '{found.ToJson()}'");
        }

        if (specified.NarHash is { } wanted && !wanted.Equals(found.NarHash))
        {
            throw new FetchException(FetchErrors.HashMismatch,
                $"NAR hash mismatch in input '{toUrl(specified)}', expected '{wanted.ToString(HashFormat.Sri)}' but got '{found.NarHash!.ToString(HashFormat.Sri)}'",
                FetchErrors.HashMismatchStatus);
        }

        foreach (var name in (ReadOnlySpan<string>)["lastModified", "revCount"])
        {
            if (specified.FindInteger(name) is { } number && found.FindInteger(name) != number)
            {
                throw new FetchException(FetchErrors.HashMismatch,
                    $"'{name}' attribute mismatch in input '{toUrl(found)}', expected {number}, got {found.FindInteger(name)?.ToString() ?? "none"}");
            }
        }

        return specified.FindRevision() is { } revision && !revision.Equals(found.FindRevision())
            ? throw new FetchException(FetchErrors.HashMismatch,
                $"'rev' attribute mismatch in input '{toUrl(found)}', expected {revision.Digest(HashFormat.Base16)}")
            : found;
    }
}
