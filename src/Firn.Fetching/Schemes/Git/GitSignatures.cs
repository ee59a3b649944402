using System.Text.Json;
using Firn.Fetching.Inputs;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Checks that a commit is signed with one of the keys that are asked for.</summary>
internal static class GitSignatures
{
    private const string DefaultType = "ssh-ed25519";

    /// <summary>What OpenSSH calls the types of keys.</summary>
    private static readonly Dictionary<string, string> _types = new(StringComparer.Ordinal)
    {
        ["ssh-dsa"] = "ssh-dsa",
        ["ssh-ecdsa"] = "ssh-ecdsa",
        ["ssh-ecdsa-sk"] = "sk-ecdsa-sha2-nistp256@openssh.com",
        ["ssh-ed25519"] = "ssh-ed25519",
        ["ssh-ed25519-sk"] = "sk-ssh-ed25519@openssh.com",
        ["ssh-rsa"] = "ssh-rsa",
    };

    /// <summary>Checks commit <paramref name="revision"/> if <paramref name="input"/> asks for it; null stands for a dirty tree.</summary>
    /// <exception cref="FetchException">It is not signed, or with another key.</exception>
    internal static void Verify(GitRepository repository, InputAttributes input, string? revision)
    {
        var keys = ReadKeys(input);
        if (!(input.FindFlag("verifyCommit") ?? keys.Count > 0))
        {
            return;
        }

        if (revision is null)
        {
            throw new FetchException(FetchErrors.Git, $"commit verification is required for Git repository '{input.GetText("url")}', but it's dirty");
        }

        using var folder = new TemporaryFolder();
        var signers = Path.Combine(folder.Path, "signers");
        File.WriteAllLines(signers, keys.Select(k => $"* {(_types.TryGetValue(k.Type, out var type) ? type : throw UnknownType(k.Type))} {k.Key}"));
        var result = repository.TryRun("-c", $"gpg.ssh.allowedSignersFile={signers}", "verify-commit", revision);
        if (result.Status != 0 || !result.Errors.Contains("Good \"git\" signature for * with ", StringComparison.Ordinal))
        {
            throw new FetchException(FetchErrors.Git,
                $"Commit signature verification on commit {revision} failed: {(result.Errors.Trim() is { Length: > 0 } said ? said : "it is not signed with any of the keys given")}");
        }
    }

    private static FetchException UnknownType(string type) => new(FetchErrors.BadInput,
        $"Invalid SSH key type '{type}' in publicKeys.\nPlease use one of:\n{string.Concat(_types.Keys.Select(t => $"  {t}\n"))}");

    private static List<(string Type, string Key)> ReadKeys(InputAttributes input)
    {
        var keys = new List<(string, string)>();
        if (input.FindText("publicKeys") is { } json)
        {
            try
            {
                using var document = JsonDocument.Parse(json);
                keys.AddRange(document.RootElement.EnumerateArray().Select(k => (
                    k.TryGetProperty("type", out var type) ? type.GetString()! : DefaultType, k.GetProperty("key").GetString()!)));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                throw new FetchException(FetchErrors.BadInput, $"publicKeys must be a list of sets with 'key' and 'type': {e.Message}");
            }
        }

        if (input.FindText("publicKey") is { } key)
        {
            keys.Add((input.FindText("keytype") ?? DefaultType, key));
        }

        return keys;
    }
}
